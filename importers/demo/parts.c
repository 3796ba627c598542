#include "parts.h"

#include <assert.h>
#include <stddef.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

#define HOMES  (KIND_HOUSE | KIND_BLOCK)
#define PEOPLE (KIND_BLOCK | KIND_PUBLIC | KIND_HALL)
#define WORK   (KIND_PUBLIC | KIND_HALL)
#define HEATED (HOMES | WORK)

/*
 * One part is one row. The most important come first: a building with few components has these.
 * Small things that there are many of have the two-digit code: rounds are made by three digits, and
 * nobody makes a fire alarm round for each smoke detector.
 */
/* clang-format off */
static const struct part parts[] = {
	/* element, name, TFM type, where, groups, least storeys, measure, price, life, makers */
	{"262", "Taktekking", "TT", PART_BUILDING, KIND_ANY, 0, MEASURE_ROOF, 950, 30, {"Isola", "Protan", "Icopal"}},
	{"542", "Brannalarmsentral", "UB", PART_BUILDING, PEOPLE, 0, MEASURE_ONE, 85000, 15, {"Autronica", "Eltek", "Honeywell"}},
	{"432", "Hovedtavle", "XF", PART_BUILDING, KIND_ANY, 0, MEASURE_ONE, 120000, 35, {"Schneider Electric", "ABB", "Eaton"}},
	{"234", "Ytterdør hovedinngang", "DY", PART_BUILDING, KIND_ANY, 0, MEASURE_ONE, 28000, 30, {"Nordan", "Swedoor", "Dooria"}},
	{"365", "Ventilasjonsaggregat", "JV", PART_BUILDING, PEOPLE, 0, MEASURE_ONE, 420000, 20, {"Swegon", "Systemair", "Covent"}},
	{"621", "Personheis", "HP", PART_BUILDING, PEOPLE, 3, MEASURE_ONE, 900000, 25, {"KONE", "Schindler", "OTIS"}},
	{"331", "Brannslokker", "BS", PART_BUILDING, KIND_ANY, 0, MEASURE_ONE, 1200, 20, {"Housegard", "NOHA", NULL}},
	{"443", "Nødlysanlegg", "UL", PART_BUILDING, PEOPLE, 0, MEASURE_ONE, 65000, 12, {"Glamox", "Eaton", NULL}},
	{"235", "Utvendig kledning", "UK", PART_BUILDING, KIND_ANY, 0, MEASURE_FACADE, 1400, 45, {NULL}},
	{"265", "Takrenner og nedløp", "TN", PART_BUILDING, KIND_ANY, 0, MEASURE_METRES, 520, 30, {NULL}},
	{"312", "Ledningsnett for sanitær", "LS", PART_BUILDING, KIND_ANY, 0, MEASURE_FLOOR, 380, 45, {NULL}},
	{"217", "Drenering", "DR", PART_BUILDING, KIND_ANY, 0, MEASURE_METRES, 3200, 50, {NULL}},
	{"325", "Fyrkjele og varmesentral", "IK", PART_BUILDING, PEOPLE, 0, MEASURE_ONE, 380000, 22, {"CTC", "Viessmann", "NIBE"}},
	{"332", "Sprinkleranlegg", "RS", PART_BUILDING, PEOPLE, 2, MEASURE_FLOOR, 320, 40, {"GW Sprinkler", "Viking", NULL}},
	{"563", "Undersentral automasjon", "OU", PART_BUILDING, WORK, 0, MEASURE_ONE, 140000, 15, {"Schneider Electric", "Siemens", "Regin"}},
	{"543", "Adgangskontroll", "UA", PART_BUILDING, WORK, 0, MEASURE_ONE, 90000, 12, {"ASSA ABLOY", "Salto", NULL}},
	{"231", "Bærende yttervegg", "YV", PART_BUILDING, KIND_ANY, 0, MEASURE_FACADE, 2800, 80, {NULL}},
	{"216", "Direkte fundamentering", "FU", PART_BUILDING, KIND_ANY, 0, MEASURE_METRES, 6500, 100, {NULL}},
	{"281", "Innvendig trapp", "TI", PART_BUILDING, KIND_ANY, 2, MEASURE_ONE, 95000, 60, {NULL}},
	{"284", "Balkonger og verandaer", "BA", PART_BUILDING, HOMES, 2, MEASURE_ONE, 60000, 40, {NULL}},
	{"362", "Kanalnett", "KA", PART_BUILDING, PEOPLE, 0, MEASURE_FLOOR, 450, 40, {"Lindab", NULL, NULL}},
	{"412", "Jording", "JO", PART_BUILDING, KIND_ANY, 0, MEASURE_ONE, 18000, 50, {NULL}},
	{"322", "Ledningsnett for varme", "LV", PART_BUILDING, PEOPLE, 0, MEASURE_FLOOR, 420, 40, {NULL}},
	{"411", "Kabelføring", "KF", PART_BUILDING, KIND_ANY, 0, MEASURE_METRES, 340, 40, {NULL}},
	{"252", "Gulv på grunn", "GG", PART_BUILDING, KIND_ANY, 0, MEASURE_ROOF, 900, 80, {NULL}},
	{"237", "Solavskjerming", "SO", PART_BUILDING, KIND_PUBLIC, 0, MEASURE_ONE, 4500, 15, {"Vental", "Markilux", NULL}},
	{"263", "Røykluke", "TL", PART_BUILDING, PEOPLE, 0, MEASURE_ONE, 9500, 30, {"Velux", NULL, NULL}},
	{"282", "Utvendig trapp", "TU", PART_BUILDING, HEATED, 0, MEASURE_ONE, 38000, 40, {NULL}},

	{"273", "Kjøkkeninnredning", "IK", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 85000, 25, {"Norema", "HTH", "Sigdal"}},
	{"274", "Våtrom", "IV", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 210000, 25, {NULL}},
	{"54", "Røykvarsler", "RV", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 900, 10, {"Elotec", "Housegard", "Icas"}},
	{"315", "Varmtvannsbereder", "IB", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 14000, 20, {"OSO", "Høiax", "CTC"}},
	{"433", "Sikringsskap", "XS", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 22000, 35, {"Schneider Electric", "Hager", "ABB"}},
	{"33", "Husbrannslange", "BH", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 3500, 25, {"NOHA", "Housegard", NULL}},
	{"452", "Panelovner", "EO", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 9000, 20, {"Glamox", "Adax", "Nobø"}},
	{"244", "Inngangsdør", "DI", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 12000, 35, {"Swedoor", "Dooria", NULL}},
	{"255", "Gulvbelegg", "GB", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 32000, 20, {"Tarkett", "Gerflor", NULL}},
	{"36", "Avtrekksvifte", "JF", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 7500, 15, {"Flexit", "Villavent", NULL}},
	{"314", "Sanitærarmaturer", "SA", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 11000, 18, {"Oras", "Mora", "Grohe"}},
	{"234", "Vinduer", "VI", PART_DWELLING, KIND_ANY, 0, MEASURE_ONE, 46000, 35, {"Nordan", "Gilje", "H-vinduet"}},

	{"442", "Belysning", "LB", PART_ROOM, KIND_ANY, 0, MEASURE_ONE, 8500, 20, {"Glamox", "Fagerhult", "Zumtobel"}},
	{"255", "Gulvbelegg", "GB", PART_ROOM, KIND_ANY, 0, MEASURE_ONE, 24000, 20, {"Tarkett", "Gerflor", "Forbo"}},
	{"244", "Innerdør", "DI", PART_ROOM, KIND_ANY, 0, MEASURE_ONE, 7500, 35, {"Swedoor", "Dooria", NULL}},
	{"257", "Systemhimling", "SH", PART_ROOM, WORK, 0, MEASURE_ONE, 16000, 30, {"Rockfon", "Ecophon", NULL}},
	{"364", "Ventil for luftfordeling", "VL", PART_ROOM, WORK, 0, MEASURE_ONE, 3200, 25, {"Trox Auranor", "Swegon", NULL}},

	{"77", "Lekeapparat", "LA", PART_OUTDOOR, KIND_ANY, 0, MEASURE_ONE, 65000, 15, {"Kompan", "Søve", "Lappset"}},
	{"72", "Gjerde og port", "GJ", PART_OUTDOOR, KIND_ANY, 0, MEASURE_METRES, 850, 25, {NULL}},
	{"74", "Utelys", "LU", PART_OUTDOOR, KIND_ANY, 0, MEASURE_ONE, 14000, 25, {"Glamox", "Defa", NULL}},
	{"72", "Benk", "BE", PART_OUTDOOR, KIND_ANY, 0, MEASURE_ONE, 8000, 15, {"Vestre", NULL, NULL}},
	{"76", "Asfalt og kantstein", "AS", PART_OUTDOOR, KIND_ANY, 0, MEASURE_METRES, 1200, 30, {NULL}},
	{"73", "Sandfang og overvann", "SF", PART_OUTDOOR, KIND_ANY, 0, MEASURE_ONE, 26000, 40, {NULL}},

	/* Any number of these: one each after the parts above. */
	{"234", "Vindu", "VI", PART__MAX, KIND_ANY, 0, MEASURE_ONE, 9500, 35, {"Nordan", "Gilje", "H-vinduet"}},
	{"331", "Brannslokker", "BS", PART__MAX, KIND_ANY, 0, MEASURE_ONE, 1200, 20, {"Housegard", "NOHA", NULL}},
	{"442", "Lysarmatur fellesareal", "LB", PART__MAX, KIND_ANY, 0, MEASURE_ONE, 3200, 20, {"Glamox", "Fagerhult", NULL}},
	{"44", "Ledelys", "UL", PART__MAX, PEOPLE, 0, MEASURE_ONE, 2600, 10, {"Glamox", "Eaton", NULL}},
	{"54", "Røykdetektor", "RD", PART__MAX, PEOPLE, 0, MEASURE_ONE, 1800, 12, {"Autronica", "Eltek", "Honeywell"}},
	{"244", "Branndør", "DB", PART__MAX, PEOPLE, 0, MEASURE_ONE, 16000, 35, {"Daloc", "Swedoor", NULL}},
	{"325", "Radiator", "IR", PART__MAX, PEOPLE, 0, MEASURE_ONE, 5200, 40, {"LVI", "Purmo", NULL}},
};
/* clang-format on */

int part_count(void)
{
	return COUNT(parts);
}

const struct part *part_at(int i)
{
	return &parts[i];
}

int part_nth(enum part_where where, enum kind_group group, int storeys, int n)
{
	for (int i = 0; i < COUNT(parts); i++)
		if (parts[i].where == where && (parts[i].groups & (int)group) &&
		    storeys >= parts[i].least_storeys && n-- == 0)
			return i;
	return -1;
}

int part_repeated(enum kind_group group, int n)
{
	int matching[COUNT(parts)] = { 0 }, count = 0;

	for (int i = 0; i < COUNT(parts); i++)
		if (parts[i].where == PART__MAX && (parts[i].groups & (int)group))
			matching[count++] = i;
	assert(count > 0);
	return matching[n % count];
}
