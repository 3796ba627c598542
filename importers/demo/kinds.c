#include "kinds.h"

#include <stddef.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/*
 * town: Kristiansund has about 24 000 inhabitants. 1 300 dwellings is 54 per 1 000 inhabitants, at
 * the high end for a Norwegian municipality, so that lists are rather longer than in life than
 * shorter; 450 buildings is what those dwellings, some ten schools, twenty kindergartens, four
 * nursing homes and the technical buildings make. Two and a half cases per dwelling and a few per
 * public building are 3 600 a year; rounds are the larger part of the 14 000 tasks. city is the
 * size of Oslo's stock.
 */
const struct scale_figures scale_figures[SCALE__MAX] = {
	[SCALE_SMALL] = { "small", 60, 400, 5000, 700, 160, 6 },
	[SCALE_TOWN] = { "town", 450, 1300, 30000, 14000, 3600, 8 },
	[SCALE_CITY] = { "city", 20000, 100000, 1000000, 1000000, 250000, 0 },
};

/* One kind is read as one row. */
/* clang-format off */
static const struct building_kind kinds[] = {
	/* code, word, use, group, {small, town, city}, weight, width, depth, storeys, dwellings, built,
	   rooms */
	{311, "rådhus", "Administrasjon", KIND_PUBLIC, {1, 6, 60}, 0, {38, 62}, {16, 20}, {3, 5}, {0, 0}, {1955, 2012},
	  {{"Kontor", 8, 14}, {"Møterom", 1, 3}, {"Toalett", 2, 2}, {"Arkiv", 0, 1},
	   {"Kopirom", 1, 1}, {"Teknisk rom", 0, 1}}},
	{613, "barneskole", "Undervisning", KIND_PUBLIC, {1, 8, 130}, 0, {55, 88}, {18, 22}, {2, 3}, {0, 0}, {1952, 2018},
	  {{"Klasserom", 6, 9}, {"Grupperom", 3, 5}, {"Garderobe", 2, 3}, {"Toalett", 3, 4},
	   {"Arbeidsrom lærere", 1, 2}, {"Teknisk rom", 1, 1}}},
	{614, "ungdomsskole", "Undervisning", KIND_PUBLIC, {1, 3, 45}, 0, {60, 90}, {18, 22}, {2, 3}, {0, 0}, {1958, 2016},
	  {{"Klasserom", 6, 10}, {"Naturfagrom", 1, 2}, {"Sløydsal", 0, 1},
	   {"Skolekjøkken", 0, 1}, {"Toalett", 3, 5}, {"Teknisk rom", 1, 1}}},
	{615, "oppvekstsenter", "Undervisning", KIND_PUBLIC, {0, 2, 40}, 0, {60, 86}, {18, 22}, {2, 2}, {0, 0}, {1965, 2021},
	  {{"Klasserom", 7, 10}, {"Grupperom", 2, 4}, {"Garderobe", 2, 4}, {"Toalett", 3, 4},
	   {"Bibliotek", 0, 1}, {"Teknisk rom", 1, 1}}},
	{612, "barnehage", "Barnehage", KIND_PUBLIC, {3, 22, 420}, 0, {28, 46}, {12, 18}, {1, 2}, {0, 0}, {1974, 2022},
	  {{"Avdeling", 2, 4}, {"Lekerom", 2, 3}, {"Grovgarderobe", 1, 2}, {"Stellerom", 1, 2},
	   {"Kjøkken", 1, 1}, {"Personalrom", 1, 1}}},
	{721, "sykehjem", "Pleie og omsorg", KIND_PUBLIC, {1, 4, 60}, 0, {58, 88}, {17, 22}, {2, 4}, {0, 0}, {1968, 2019},
	  {{"Beboerrom", 9, 14}, {"Stue", 1, 2}, {"Avdelingskjøkken", 1, 1},
	   {"Skyllerom", 1, 1}, {"Medisinrom", 1, 1}, {"Vaktrom", 1, 1}}},
	{732, "helsestasjon", "Helse", KIND_PUBLIC, {1, 4, 60}, 0, {24, 38}, {14, 18}, {1, 2}, {0, 0}, {1970, 2015},
	  {{"Undersøkelsesrom", 4, 7}, {"Venterom", 1, 1}, {"Kontor", 3, 5}, {"Toalett", 2, 2}}},
	{731, "legesenter", "Helse", KIND_PUBLIC, {0, 3, 50}, 0, {22, 34}, {13, 16}, {1, 2}, {0, 0}, {1978, 2017},
	  {{"Legekontor", 3, 6}, {"Laboratorium", 1, 1}, {"Venterom", 1, 1}, {"Toalett", 1, 2}}},
	{822, "brannstasjon", "Beredskap", KIND_PUBLIC, {1, 2, 14}, 0, {42, 58}, {18, 22}, {2, 2}, {0, 0}, {1972, 2014},
	  {{"Vognhall", 1, 2}, {"Garderobe", 1, 2}, {"Vaktrom", 2, 4}, {"Verksted", 0, 1}}},
	{642, "bibliotek", "Kultur", KIND_PUBLIC, {1, 1, 12}, 0, {34, 48}, {16, 20}, {2, 3}, {0, 0}, {1964, 2011},
	  {{"Utlån", 1, 2}, {"Lesesal", 1, 2}, {"Magasin", 0, 1}, {"Kontor", 1, 3}}},
	{641, "museum", "Kultur", KIND_PUBLIC, {0, 2, 10}, 0, {24, 44}, {12, 18}, {2, 2}, {0, 0}, {1870, 1938},
	  {{"Utstilling", 2, 4}, {"Magasin", 1, 2}, {"Kontor", 1, 2}}},
	{662, "grendehus", "Kultur", KIND_PUBLIC, {1, 6, 90}, 0, {18, 28}, {10, 14}, {1, 2}, {0, 0}, {1924, 1988},
	  {{"Sal", 1, 1}, {"Kjøkken", 1, 1}, {"Toalett", 1, 2}}},
	{651, "idrettshall", "Idrett", KIND_HALL, {1, 7, 90}, 0, {48, 62}, {20, 22}, {1, 2}, {0, 0}, {1969, 2021},
	  {{"Hallflate", 1, 1}, {"Garderobe", 4, 6}, {"Dusj", 2, 4}, {"Utstyrsrom", 1, 2}}},
	{653, "svømmehall", "Idrett", KIND_HALL, {0, 2, 12}, 0, {42, 56}, {19, 22}, {1, 2}, {0, 0}, {1966, 2009},
	  {{"Basseng", 1, 2}, {"Garderobe", 2, 4}, {"Dusj", 2, 4}, {"Vannbehandling", 1, 1}}},
	{654, "idrettsgarderobe", "Idrett", KIND_HALL, {0, 6, 80}, 0, {16, 26}, {8, 11}, {1, 1}, {0, 0}, {1971, 2016},
	  {{"Garderobe", 2, 6}, {"Dusj", 2, 4}, {"Lager", 1, 2}}},
	{661, "kulturhus", "Kultur", KIND_HALL, {0, 2, 8}, 0, {44, 60}, {20, 22}, {2, 3}, {0, 0}, {1914, 2010},
	  {{"Sal", 1, 1}, {"Foajé", 1, 1}, {"Sceneteknisk rom", 1, 1}, {"Garderobe", 2, 3}}},
	{214, "avløpspumpestasjon", "Teknisk", KIND_PLANT, {1, 24, 300}, 0, {6, 10}, {5, 8}, {1, 1}, {0, 0}, {1972, 2020},
	  {{"Pumperom", 1, 1}}},
	{216, "trykkøkingsstasjon", "Teknisk", KIND_PLANT, {1, 20, 250}, 0, {6, 9}, {5, 7}, {1, 1}, {0, 0}, {1968, 2021},
	  {{"Pumperom", 1, 1}}},
	{212, "verksted", "Drift", KIND_PLANT, {1, 3, 40}, 0, {28, 42}, {14, 20}, {1, 2}, {0, 0}, {1966, 2012},
	  {{"Verkstedhall", 1, 2}, {"Garderobe", 1, 1}, {"Lager", 1, 2}}},
	{231, "lager", "Drift", KIND_PLANT, {0, 8, 120}, 0, {20, 36}, {11, 18}, {1, 1}, {0, 0}, {1964, 2014},
	  {{"Lagerhall", 1, 2}}},
	{431, "parkeringshus", "Parkering", KIND_PLANT, {0, 2, 15}, 0, {44, 60}, {20, 22}, {3, 5}, {0, 0}, {1978, 2013},
	  {{"Parkeringsplan", 1, 1}}},
	{840, "offentlig toalett", "Drift", KIND_PLANT, {0, 6, 60}, 0, {5, 8}, {4, 5}, {1, 1}, {0, 0}, {1985, 2021},
	  {{"Toalett", 2, 3}}},
	{181, "garasjer", "Drift", KIND_PLANT, {1, 18, 300}, 0, {16, 30}, {6, 7}, {1, 1}, {0, 0}, {1968, 2015},
	  {{"Garasje", 4, 8}}},
	{825, "tilfluktsrom", "Beredskap", KIND_PLANT, {0, 1, 14}, 0, {20, 28}, {12, 16}, {1, 1}, {0, 0}, {1951, 1986},
	  {{"Tilfluktsrom", 1, 3}}},
	{111, NULL, "Bolig", KIND_HOUSE, {0}, 8, {9, 13}, {8, 10}, {1, 2}, {1, 1}, {1920, 2008},
	  {{0}}},
	{121, NULL, "Bolig", KIND_HOUSE, {0}, 10, {14, 20}, {8, 10}, {2, 2}, {2, 2}, {1948, 2014},
	  {{0}}},
	{122, NULL, "Bolig", KIND_HOUSE, {0}, 6, {10, 14}, {8, 11}, {2, 2}, {2, 2}, {1946, 1999},
	  {{0}}},
	{131, NULL, "Bolig", KIND_HOUSE, {0}, 22, {26, 54}, {8, 10}, {2, 2}, {3, 9}, {1956, 2018},
	  {{0}}},
	{136, NULL, "Bolig", KIND_HOUSE, {0}, 9, {16, 26}, {9, 11}, {2, 2}, {3, 6}, {1950, 2016},
	  {{0}}},
	{141, NULL, "Bolig", KIND_BLOCK, {0}, 21, {22, 40}, {10, 13}, {2, 2}, {4, 14}, {1952, 2019},
	  {{0}}},
	{142, NULL, "Bolig", KIND_BLOCK, {0}, 13, {24, 46}, {11, 14}, {3, 4}, {8, 26}, {1954, 2020},
	  {{0}}},
	{143, NULL, "Bolig", KIND_BLOCK, {0}, 2, {26, 40}, {13, 16}, {5, 8}, {20, 60}, {1962, 2021},
	  {{0}}},
	{151, "omsorgssenter", "Omsorgsboliger", KIND_BLOCK, {0}, 3, {40, 66}, {15, 18}, {2, 3}, {12, 40}, {1976, 2022},
	  {{"Fellesstue", 1, 2}, {"Vaktrom", 0, 1}, {"Vaskerom", 1, 1}}},
	{159, "bofellesskap", "Omsorgsboliger", KIND_BLOCK, {0}, 6, {26, 42}, {12, 15}, {1, 2}, {4, 10}, {1988, 2022},
	  {{"Fellesstue", 1, 1}, {"Personalrom", 0, 1}}},
};
/* clang-format on */

int kind_count(void)
{
	return COUNT(kinds);
}

const struct building_kind *kind_at(int i)
{
	return &kinds[i];
}
