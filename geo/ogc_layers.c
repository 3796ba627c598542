#include "geo/ogc_layers.h"

#include <string.h>

#define LABEL                                                                                      \
	{                                                                                          \
		"label", IN_TEXT, 0, "Adresse og navn", "Adresse og namn", "Address and name"      \
	}
#define NAME(n)                                                                                    \
	{                                                                                          \
		"name", IN_TEXT, n, "Navn", "Namn", "Name"                                         \
	}
#define AREA(n)                                                                                    \
	{                                                                                          \
		"area_no", IN_INT, n, "Område", "Område", "Area"                                   \
	}
#define PARENT(n)                                                                                  \
	{                                                                                          \
		"parent_id", IN_UUID, n, "Ligger i", "Ligg i", "Lies in"                           \
	}
#define WARNING                                                                                    \
	{                                                                                          \
		"warning", IN_TEXT, 0, "Advarsel", "Åtvaring", "Warning"                           \
	}
#define CODE                                                                                       \
	{                                                                                          \
		"code", IN_CODE, 0, "QR-kode", "QR-kode", "QR code"                                \
	}
#define BUILDING(n)                                                                                \
	{                                                                                          \
		"building_id", IN_UUID, n, "Bygning", "Bygning", "Building"                        \
	}
#define PLACE(n)                                                                                   \
	{                                                                                          \
		"place_id", IN_UUID, n, "Sted", "Stad", "Place"                                    \
	}
#define PLACE_LABEL                                                                                \
	{                                                                                          \
		"place_label", IN_TEXT, 0, "Sted", "Stad", "Place"                                 \
	}
#define STATE(n)                                                                                   \
	{                                                                                          \
		"state", IN_CODE, n, "Status", "Status", "State"                                   \
	}
#define CATEGORY(n)                                                                                \
	{                                                                                          \
		"category", IN_CODE, n, "Kategori", "Kategori", "Category"                         \
	}
#define PRIORITY(n)                                                                                \
	{                                                                                          \
		"priority", IN_INT, n, "Prioritet", "Prioritet", "Priority"                        \
	}
#define DEADLINE                                                                                   \
	{                                                                                          \
		"deadline", IN_TIME, 0, "Frist", "Frist", "Deadline"                               \
	}
#define CREATED                                                                                    \
	{                                                                                          \
		"created_at", IN_TIME, 0, "Opprettet", "Oppretta", "Created"                       \
	}
#define DONE                                                                                       \
	{                                                                                          \
		"done_at", IN_TIME, 0, "Ferdig", "Ferdig", "Done"                                  \
	}
#define NUMBER(n)                                                                                  \
	{                                                                                          \
		"number", IN_CODE, n, "Nummer", "Nummer", "Number"                                 \
	}
#define TITLE                                                                                      \
	{                                                                                          \
		"title", IN_TEXT, 0, "Tittel", "Tittel", "Title"                                   \
	}
#define COMPONENT                                                                                  \
	{                                                                                          \
		"component_id", IN_UUID, 0, "Komponent", "Komponent", "Component"                  \
	}

static const struct ogc_column place_columns[] = {
	LABEL,
	NAME(1),
	PARENT(3),
	AREA(2),
	{ "is_public", IN_BOOL, 0, "Felles", "Felles", "Shared" },
	{ 0 },
};

static const struct ogc_column property_columns[] = {
	LABEL,
	NAME(0),
	{ "municipality_no", IN_CODE, 1, "Kommunenummer", "Kommunenummer", "Municipality number" },
	{ "gnr", IN_INT, 2, "Gnr", "Gnr", "Gnr" },
	{ "bnr", IN_INT, 3, "Bnr", "Bnr", "Bnr" },
	{ "fnr", IN_INT, 0, "Fnr", "Fnr", "Fnr" },
	{ "snr", IN_INT, 0, "Snr", "Snr", "Snr" },
	AREA(4),
	WARNING,
	{ 0 },
};

static const struct ogc_column building_columns[] = {
	LABEL,
	NAME(0),
	{ "bygningsnummer", IN_INT, 1, "Bygningsnummer", "Bygningsnummer", "Building number" },
	{ "type_code", IN_INT, 2, "Bygningstype", "Bygningstype", "Building type" },
	{ "status", IN_CODE, 3, "Bygningsstatus", "Bygningsstatus", "Status" },
	{ "built_year", IN_INT, 0, "Byggeår", "Byggjeår", "Year built" },
	{ "storeys", IN_INT, 0, "Etasjer", "Etasjar", "Storeys" },
	{ "bta_m2", IN_NUMBER, 0, "BTA m²", "BTA m²", "Gross area m²" },
	{ "bra_m2", IN_NUMBER, 0, "BRA m²", "BRA m²", "Usable area m²" },
	{ "heating", IN_TEXT, 0, "Oppvarming", "Oppvarming", "Heating" },
	{ "energy_grade", IN_CODE, 4, "Energimerke", "Energimerke", "Energy grade" },
	{ "is_protected", IN_BOOL, 5, "Fredet", "Freda", "Protected" },
	{ "ownership", IN_TEXT, 0, "Eierform", "Eigarform", "Ownership" },
	{ "use", IN_TEXT, 0, "Bruk", "Bruk", "Use" },
	{ "responsible_unit", IN_TEXT, 0, "Ansvarlig enhet", "Ansvarleg eining", "Unit" },
	PARENT(7),
	AREA(6),
	CODE,
	WARNING,
	{ 0 },
};

static const struct ogc_column storey_columns[] = {
	LABEL,
	NAME(0),
	{ "plane", IN_CODE, 1, "Plan", "Plan", "Plane" },
	{ "number", IN_INT, 2, "Etasjenummer", "Etasjenummer", "Storey number" },
	PARENT(4),
	AREA(3),
	{ 0 },
};

static const struct ogc_column dwelling_columns[] = {
	LABEL,
	NAME(0),
	{ "h_number", IN_CODE, 1, "Bruksenhetsnummer", "Brukseiningsnummer", "Dwelling number" },
	{ "kind", IN_CODE, 2, "Type", "Type", "Kind" },
	{ "rooms", IN_INT, 3, "Rom", "Rom", "Rooms" },
	{ "area_m2", IN_NUMBER, 0, "Areal m²", "Areal m²", "Area m²" },
	BUILDING(5),
	AREA(4),
	{ 0 },
};

static const struct ogc_column component_columns[] = {
	NAME(0),
	{ "element", IN_CODE, 1, "Bygningsdel", "Bygningsdel", "Building element" },
	{ "tag", IN_TEXT, 2, "TFM-merke", "TFM-merke", "Tag" },
	{ "maker", IN_TEXT, 0, "Produsent", "Produsent", "Maker" },
	{ "model", IN_TEXT, 0, "Modell", "Modell", "Model" },
	{ "serial", IN_TEXT, 0, "Serienummer", "Serienummer", "Serial number" },
	{ "installed_on", IN_DATE, 0, "Montert", "Montert", "Installed" },
	{ "service_life_years", IN_INT, 0, "Levetid år", "Levetid år", "Service life, years" },
	{ "quantity", IN_NUMBER, 0, "Mengde", "Mengd", "Quantity" },
	{ "unit", IN_TEXT, 0, "Enhet", "Eining", "Unit" },
	{ "warranty_until", IN_DATE, 0, "Garanti til", "Garanti til", "Warranty until" },
	{ "condition_grade", IN_CODE, 3, "Tilstandsgrad", "Tilstandsgrad", "Condition grade" },
	CODE,
	PLACE(5),
	PLACE_LABEL,
	BUILDING(6),
	AREA(4),
	{ 0 },
};

static const struct ogc_column case_columns[] = {
	NUMBER(1),   TITLE,       CATEGORY(3),
	STATE(2),    PRIORITY(4), DEADLINE,
	CREATED,     DONE,        { "channel", IN_CODE, 0, "Kanal", "Kanal", "Channel" },
	PLACE(0),    PLACE_LABEL, COMPONENT,
	BUILDING(6), AREA(5),     { 0 },
};

static const struct ogc_column task_columns[] = {
	NUMBER(1),
	TITLE,
	CATEGORY(3),
	STATE(2),
	PRIORITY(4),
	{ "planned_on", IN_DATE, 0, "Planlagt", "Planlagd", "Planned" },
	DEADLINE,
	CREATED,
	DONE,
	PLACE(0),
	PLACE_LABEL,
	COMPONENT,
	{ "case_id", IN_UUID, 0, "Sak", "Sak", "Case" },
	BUILDING(6),
	AREA(5),
	{ 0 },
};

enum {
	STAFF = ROLE_OFFICE | ROLE_FIELD,
	ALL = ROLE_ANY_PERSON | ROLE_PUBLIC,
	OTHERS = ROLE_TENANT | ROLE_PUBLIC,
};

const struct ogc_layer ogc_layers[] = {
	{ "municipalities", "municipality", ALL, Q_GIS_PLACE, .query_ever = Q_GIS_PLACE_EVER,
	  .kind = "municipality", .geometry = "any", .columns = place_columns, .nb = "Kommuner",
	  .nn = "Kommunar", .en = "Municipalities" },
	{ "properties", "property", ROLE_OFFICE, Q_GIS_PROPERTY, .query_ever = Q_GIS_PROPERTY_EVER,
	  .geometry = "any", .columns = property_columns, .nb = "Eiendommer", .nn = "Eigedomar",
	  .en = "Properties" },
	{ "buildings", "building", STAFF, Q_GIS_BUILDING, .query_ever = Q_GIS_BUILDING_EVER,
	  .geometry = "any", .columns = building_columns, .nb = "Bygninger", .nn = "Bygningar",
	  .en = "Buildings" },
	{ "buildings", "building", OTHERS, Q_GIS_PLACE, .query_ever = Q_GIS_PLACE_EVER,
	  .kind = "building", .geometry = "any", .columns = place_columns, .nb = "Bygninger",
	  .nn = "Bygningar", .en = "Buildings" },
	{ "outdoor_areas", "outdoor_area", ALL, Q_GIS_PLACE, .query_ever = Q_GIS_PLACE_EVER,
	  .kind = "outdoor_area", .geometry = "any", .columns = place_columns, .nb = "Uteområder",
	  .nn = "Uteområde", .en = "Outdoor areas" },
	{ "storeys", "storey", ROLE_OFFICE, Q_GIS_STOREY, .query_ever = Q_GIS_STOREY_EVER,
	  .geometry = "any", .columns = storey_columns, .nb = "Etasjer", .nn = "Etasjar",
	  .en = "Storeys" },
	{ "storeys", "storey", ROLE_FIELD | ROLE_TENANT, Q_GIS_PLACE,
	  .query_ever = Q_GIS_PLACE_EVER, .kind = "storey", .geometry = "any",
	  .columns = place_columns, .nb = "Etasjer", .nn = "Etasjar", .en = "Storeys" },
	{ "dwellings", "dwelling", ROLE_ANY_PERSON, Q_GIS_DWELLING,
	  .query_ever = Q_GIS_DWELLING_EVER, .geometry = "any", .columns = dwelling_columns,
	  .nb = "Boliger", .nn = "Bustader", .en = "Dwellings" },
	{ "rooms", "room", ROLE_ANY_PERSON, Q_GIS_PLACE, .query_ever = Q_GIS_PLACE_EVER,
	  .kind = "room", .geometry = "any", .columns = place_columns, .nb = "Rom", .nn = "Rom",
	  .en = "Rooms" },
	{ "components", "component", STAFF, Q_GIS_COMPONENT, Q_GIS_COMPONENT_IN,
	  .query_ever = Q_GIS_COMPONENT_EVER, .geometry = "point", .columns = component_columns,
	  .nb = "Komponenter", .nn = "Komponentar", .en = "Components" },
	{ "cases", "case", ROLE_OFFICE, Q_GIS_CASE, Q_GIS_CASE_IN, .time = "created_at",
	  .geometry = "point", .columns = case_columns, .nb = "Saker", .nn = "Saker",
	  .en = "Cases" },
	{ "tasks", "task", STAFF, Q_GIS_TASK, .time = "created_at", .geometry = "point",
	  .columns = task_columns, .nb = "Oppgaver", .nn = "Oppgåver", .en = "Tasks" },
	{ 0 },
};

const struct ogc_layer *ogc_layer_find(const char *name, unsigned role)
{
	for (const struct ogc_layer *l = ogc_layers; l->name; l++)
		if ((l->roles & role) && !strcmp(l->name, name))
			return l;
	return NULL;
}

bool ogc_layer_exists(const char *name)
{
	return ogc_layer_find(name, ~0u) != NULL;
}

const char *ogc_words(const char *language, const char *nb, const char *nn, const char *en)
{
	if (!strcmp(language, "en"))
		return en;
	return strcmp(language, "nn") ? nb : nn;
}

/* Metres with 3 decimals, degrees with 7: a centimetre. ETRS89 and WGS 84 are taken for the same,
 * as PostGIS does: they are half a metre apart in 2026 (PROJ's null transformation, EPSG 1149). */
const struct ogc_crs ogc_systems[CRS__MAX] = {
	{ "http://www.opengis.net/def/crs/OGC/1.3/CRS84", 4326, false, "7" },
	{ "http://www.opengis.net/def/crs/EPSG/0/25832", 25832, false, "3" },
	{ "http://www.opengis.net/def/crs/EPSG/0/25833", 25833, false, "3" },
	{ "http://www.opengis.net/def/crs/EPSG/0/25831", 25831, false, "3" },
	{ "http://www.opengis.net/def/crs/EPSG/0/4326", 4326, true, "7" },
	{ "http://www.opengis.net/def/crs/EPSG/0/4258", 4258, true, "7" },
	{ "http://www.opengis.net/def/crs/EPSG/0/3857", 3857, false, "3" },
};

const struct ogc_crs *ogc_crs_find(const char *text)
{
	static const char *const heads[] = { "[", "", "urn:ogc:def:crs:" };
	size_t length = strlen(text);

	for (int i = 0; i < CRS__MAX; i++) {
		/* "OGC/1.3/CRS84" or "EPSG/0/25832" */
		const char *tail = ogc_systems[i].uri + sizeof("http://www.opengis.net/def/crs");
		const char *code = strrchr(tail, '/') + 1;
		size_t authority = (size_t)(strchr(tail, '/') - tail);

		if (!strcmp(text, ogc_systems[i].uri))
			return &ogc_systems[i];
		for (size_t j = 0; j < sizeof(heads) / sizeof(heads[0]); j++) {
			const char *at = text + strlen(heads[j]);

			if (strncmp(text, heads[j], strlen(heads[j])) ||
			    strncmp(at, tail, authority) || at[authority] != ':')
				continue;
			at += authority + 1;
			at += j == 2 ? strspn(at, "0123456789.") : 0; /* the version, mostly none */
			at += j == 2 && *at == ':';
			if (strncmp(at, code, strlen(code)))
				continue;
			at += strlen(code);
			if ((size_t)(at - text) == length - (j == 0) && (j || *at == ']'))
				return &ogc_systems[i];
		}
	}
	return NULL;
}
