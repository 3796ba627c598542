#include "importers/reader_ogr.h"

#include "importers/reader_file.h"
#include "importers/reader_lockdown.h"
#include "importers/reader_sheet.h"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <iconv.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { GEOMETRY_COLUMNS = 4, VALUE_MAX = 64, SURE = 90 /* per cent, of a CRS recognised */ };

/* GDAL declares these in a C++ header. */
void RegisterOGRGML(void);
void RegisterOGRGeoPackage(void);
void RegisterOGRShape(void);
void RegisterOGRGeoJSON(void);
void RegisterOGROpenFileGDB(void);
void RegisterOGRTAB(void);
void RegisterOGRDXF(void);

/* The list of known schemas would be a file outside; an empty one of our own stands for it. */
#define REGISTRY "/vsimem/registry.xml"

static const char *const gml_options[] = { "DOWNLOAD_SCHEMA=NO", "WRITE_GFS=NO",
					   "CONSIDER_EPSG_AS_URN=YES", "REGISTRY=" REGISTRY, NULL };
static const char *const gpkg_options[] = { "IMMUTABLE=YES", NULL };
static const char *const no_options[] = { NULL };

static const struct driver {
	const char *format, *name;
	void (*enroll)(void);
	const char *const *options;
} drivers[] = {
	{ "gml", "GML", RegisterOGRGML, gml_options },
	{ "gpkg", "GPKG", RegisterOGRGeoPackage, gpkg_options },
	{ "shapefile", "ESRI Shapefile", RegisterOGRShape, no_options },
	{ "geojson", "GeoJSON", RegisterOGRGeoJSON, no_options },
	{ "filegdb", "OpenFileGDB", RegisterOGROpenFileGDB, no_options },
	{ "mapinfo", "MapInfo File", RegisterOGRTAB, no_options },
	{ "dxf", "DXF", RegisterOGRDXF, no_options },
};

static const struct driver *find_driver(const char *format)
{
	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++) {
		if (!strcmp(drivers[i].format, format))
			return &drivers[i];
	}
	return NULL;
}

bool ogr_has(const char *format)
{
	return find_driver(format) != NULL;
}

/* The letters of old tables are iconv's to know, from files; those that have been used once stay in
 * memory. */
static void load_charsets(void)
{
	static const char *const names[] = { "CP1252", "ISO-8859-1", "ISO-8859-15", "CP850",
					     "CP865" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		(void)iconv_open("UTF-8", names[i]);
}

void ogr_prepare(void)
{
	OGRSpatialReferenceH any = OSRNewSpatialReference(NULL);
	int count = 0;
	int *confidence = NULL;

	/* By its number and by its looks: both ask the database, which stays open. */
	if (OSRImportFromEPSG(any, 25832) == OGRERR_NONE)
		OSRFreeSRSArray(OSRFindMatches(any, NULL, &count, &confidence));
	CPLFree(confidence);
	OSRDestroySpatialReference(any);
	load_charsets();
}

static int fail_library(const struct driver *d)
{
	if (file_failures.is_memory || lockdown_is_over_memory())
		return reader_fail("memory", file_failures.first);
	return reader_fail("library", file_failures.count ? file_failures.first : d->name);
}

/* The EPSG number of a layer's coordinate system into `to`; empty when it cannot be told. */
static void find_epsg(OGRLayerH layer, char to[VALUE_MAX])
{
	OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer), *matches;
	const char *code, *authority;
	int *confidence = NULL, count = 0;

	to[0] = '\0';
	if (!srs)
		return;
	code = OSRGetAuthorityCode(srs, NULL);
	authority = OSRGetAuthorityName(srs, NULL);
	if (code && authority && !strcmp(authority, "EPSG")) {
		snprintf(to, VALUE_MAX, "%s", code);
		return;
	}
	matches = OSRFindMatches(srs, NULL, &count, &confidence);
	if (count > 0 && confidence[0] >= SURE && (code = OSRGetAuthorityCode(matches[0], NULL)))
		snprintf(to, VALUE_MAX, "%s", code);
	OSRFreeSRSArray(matches);
	CPLFree(confidence);
}

/* One layer as it is read. What is made of a row lives until the next one. */
struct layer {
	struct reader *r;
	OGRLayerH ogr;
	int fields;
	struct str cells[CSV_CELLS_MAX];
	char values[CSV_CELLS_MAX][VALUE_MAX];
	char *lists[CSV_CELLS_MAX];
	char epsg[VALUE_MAX], x[VALUE_MAX], y[VALUE_MAX];
	char *wkt;
};

static struct str iso_date(OGRFeatureH row, int i, OGRFieldType type, char to[VALUE_MAX])
{
	int year, month, day, hour, minute, zone, n = 0;
	float second;

	if (!OGR_F_GetFieldAsDateTimeEx(row, i, &year, &month, &day, &hour, &minute, &second,
					&zone))
		return (struct str){ "", 0 };
	if (type != OFTTime)
		n = snprintf(to, VALUE_MAX, "%04d-%02d-%02d", year, month, day);
	if (type != OFTDate)
		n += snprintf(to + n, VALUE_MAX - (size_t)n, "%s%02d:%02d:%02d", n ? "T" : "", hour,
			      minute, (int)second);
	/* 100 is UTC, each step a quarter of an hour; 0 and 1 are unknown and local. */
	if (type == OFTDateTime && zone == 100)
		n += snprintf(to + n, VALUE_MAX - (size_t)n, "Z");
	else if (type == OFTDateTime && zone > 1)
		n += snprintf(to + n, VALUE_MAX - (size_t)n, "%c%02d:%02d", zone < 100 ? '-' : '+',
			      abs(zone - 100) / 4, abs(zone - 100) % 4 * 15);
	return (struct str){ to, (size_t)n };
}

static struct str joined(struct layer *l, OGRFeatureH row, int i)
{
	char **texts = OGR_F_GetFieldAsStringList(row, i);
	size_t room = 1, used = 0;

	for (char **t = texts; t && *t; t++)
		room += strlen(*t) + 3;
	l->lists[i] = malloc(room);
	if (!l->lists[i])
		abort();
	for (char **t = texts; t && *t; t++)
		used += (size_t)snprintf(l->lists[i] + used, room - used, "%s%s", used ? " | " : "",
					 *t);
	return (struct str){ l->lists[i], used };
}

static struct str field(struct layer *l, OGRFeatureH row, int i)
{
	OGRFieldType type = OGR_Fld_GetType(OGR_F_GetFieldDefnRef(row, i));

	if (!OGR_F_IsFieldSetAndNotNull(row, i))
		return (struct str){ "", 0 };
	if (type == OFTDate || type == OFTTime || type == OFTDateTime)
		return iso_date(row, i, type, l->values[i]);
	if (type == OFTStringList)
		return joined(l, row, i);
	if (type == OFTBinary)
		rowpipe_mark(&l->r->out, "binary", (size_t)i + 1);
	if (type == OFTBinary)
		return (struct str){ "", 0 };
	if (type != OFTInteger && type != OFTInteger64 && type != OFTReal)
		return str_of(OGR_F_GetFieldAsString(row, i));
	/* Numbers are all written in one place of GDAL's. */
	snprintf(l->values[i], VALUE_MAX, "%s", OGR_F_GetFieldAsString(row, i));
	return str_of(l->values[i]);
}

/* Geometry as text, arcs as the lines that follow them. Its point, when it is one. */
static void geometry(struct layer *l, OGRFeatureH row)
{
	OGRGeometryH own = OGR_F_GetGeometryRef(row), straight = NULL;
	struct str *at = &l->cells[l->fields];

	memset(at, 0, GEOMETRY_COLUMNS * sizeof(*at));
	if (!own || OGR_G_IsEmpty(own))
		return;
	if (OGR_G_HasCurveGeometry(own, FALSE)) {
		straight = OGR_G_GetLinearGeometry(own, 0, NULL);
		own = straight ? straight : own;
		rowpipe_mark(&l->r->out, "curve", (size_t)l->fields + 1);
	}
	if (OGR_G_ExportToIsoWkt(own, &l->wkt) == OGRERR_NONE)
		at[0] = str_of(l->wkt);
	if (wkbFlatten(OGR_G_GetGeometryType(own)) == wkbPoint) {
		snprintf(l->x, VALUE_MAX, "%.12g", OGR_G_GetX(own, 0));
		snprintf(l->y, VALUE_MAX, "%.12g", OGR_G_GetY(own, 0));
		at[1] = str_of(l->x);
		at[2] = str_of(l->y);
	}
	at[3] = str_of(l->epsg);
	OGR_G_DestroyGeometry(straight);
}

static void write_row(struct layer *l, OGRFeatureH row, uint64_t number)
{
	for (int i = 0; i < l->fields; i++)
		l->cells[i] = field(l, row, i);
	geometry(l, row);
	reader_row(l->r, number, NULL, l->cells, (size_t)l->fields + GEOMETRY_COLUMNS);
	for (int i = 0; i < l->fields; i++) {
		free(l->lists[i]);
		l->lists[i] = NULL;
	}
	CPLFree(l->wkt);
	l->wkt = NULL;
}

static void write_header(struct layer *l)
{
	static const char *const names[] = { "geom_wkt", "x", "y", "epsg" };
	OGRFeatureDefnH form = OGR_L_GetLayerDefn(l->ogr);

	for (int i = 0; i < l->fields; i++)
		l->cells[i] = str_of(OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(form, i)));
	for (int i = 0; i < GEOMETRY_COLUMNS; i++)
		l->cells[l->fields + i] = str_of(names[i]);
	reader_row(l->r, 0, NULL, l->cells, (size_t)l->fields + GEOMETRY_COLUMNS);
}

static int read_layer(struct reader *r, const struct driver *d, OGRLayerH ogr)
{
	int fields = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(ogr));
	struct layer *l;
	uint64_t number = 0;
	OGRFeatureH row;

	if (fields > CSV_CELLS_MAX - GEOMETRY_COLUMNS)
		return reader_fail("too_many", "");
	l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->r = r;
	l->ogr = ogr;
	l->fields = fields;
	find_epsg(ogr, l->epsg);
	write_header(l);
	OGR_L_ResetReading(ogr);
	while (!r->out.is_broken && (row = OGR_L_GetNextFeature(ogr))) {
		write_row(l, row, ++number);
		OGR_F_Destroy(row);
	}
	free(l);
	if (file_failures.count || lockdown_is_over_memory())
		return fail_library(d);
	return reader_finish(r);
}

/* The layer that is asked for; the others that hold something are told of. */
static OGRLayerH choose(GDALDatasetH data, const char *wanted)
{
	OGRLayerH chosen = NULL;

	for (int i = 0; i < GDALDatasetGetLayerCount(data); i++) {
		OGRLayerH layer = GDALDatasetGetLayer(data, i);
		const char *name = OGR_L_GetName(layer);
		OGRFeatureH first = NULL;

		if (!chosen && sheet_is_wanted(wanted, name)) {
			OGR_L_ResetReading(layer);
			first = OGR_L_GetNextFeature(layer);
		}
		if (first)
			chosen = layer;
		else
			reader_note("layer", "%s", name);
		OGR_F_Destroy(first);
	}
	return chosen;
}

int reader_ogr(struct reader *r, const char *format, const char *path)
{
	const struct driver *d = find_driver(format);
	const char *allowed[] = { NULL, NULL };
	GDALDatasetH data;
	OGRLayerH layer;
	int status;
	static char registry[] = "<gml_registry></gml_registry>";

	if (!d)
		return reader_fail("format", format);
	allowed[0] = d->name;
	VSIFCloseL(VSIFileFromMemBuffer(REGISTRY, (GByte *)registry, sizeof(registry) - 1, FALSE));
	d->enroll();
	data = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY, allowed, d->options, NULL);
	if (!data)
		return fail_library(d);
	layer = choose(data, r->options.layer);
	if (file_failures.count || lockdown_is_over_memory())
		status = fail_library(d);
	else if (!layer)
		status = reader_fail(sheet_is_wanted(r->options.layer, "") ? "no_rows" : "no_layer",
				     "");
	else
		status = read_layer(r, d, layer);
	GDALClose(data);
	return status;
}
