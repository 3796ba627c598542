#include "names.h"

#include <stdio.h>
#include <string.h>

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

/* Streets as coastal towns have them. The first ones are used first, nearest the centres. */
static const char *const streets[] = {
	"Storgata",         "Kirkegata",
	"Skolegata",        "Kaibakken",
	"Fiskergata",       "Tollbugata",
	"Rådhusbakken",     "Parkveien",
	"Strandgata",       "Havnegata",
	"Vågeveien",        "Sørsundveien",
	"Nordsundveien",    "Klippfiskgata",
	"Bryggegata",       "Losgata",
	"Skippergata",      "Seilmakergata",
	"Tønnebakken",      "Reperbanen",
	"Verftsgata",       "Fløttmannsgata",
	"Sundbåtveien",     "Langveien",
	"Byskogveien",      "Varden",
	"Vardeveien",       "Utsikten",
	"Solhøgda",         "Fjellveien",
	"Bergsveien",       "Hagegata",
	"Rosenveien",       "Bjørkeveien",
	"Rognveien",        "Granveien",
	"Furuveien",        "Lyngveien",
	"Einerveien",       "Hasselveien",
	"Kastanjeveien",    "Lindeveien",
	"Seljeveien",       "Ospeveien",
	"Oreveien",         "Bringebærveien",
	"Blåbærstien",      "Tyttebærveien",
	"Multeveien",       "Jordbærveien",
	"Måkeveien",        "Terneveien",
	"Tjeldveien",       "Ærfuglveien",
	"Skarvveien",       "Svaneveien",
	"Ørneveien",        "Falkeveien",
	"Trosteveien",      "Lerkeveien",
	"Stæreveien",       "Spurveveien",
	"Torskegata",       "Seiveien",
	"Lyrveien",         "Hyseveien",
	"Kveiteveien",      "Makrellveien",
	"Sildegata",        "Brosmegata",
	"Reinveien",        "Hjorteveien",
	"Reveveien",        "Oterveien",
	"Ekornveien",       "Hareveien",
	"Ankerveien",       "Kompassveien",
	"Fyrveien",         "Lanterneveien",
	"Baugen",           "Akterveien",
	"Masteveien",       "Roret",
	"Kjølveien",        "Dorgeveien",
	"Garnveien",        "Noteveien",
	"Snøreveien",       "Ruseveien",
	"Fergeveien",       "Naustveien",
	"Naustbakken",      "Sjøgata",
	"Sjøveien",         "Strandveien",
	"Fjæreveien",       "Skjærgårdsveien",
	"Holmeveien",       "Sundveien",
	"Vikaveien",        "Neset",
	"Nesveien",         "Odden",
	"Bakkeveien",       "Dalaveien",
	"Elveveien",        "Bekkefaret",
	"Tjernveien",       "Vannveien",
	"Myraveien",        "Løkkeveien",
	"Engveien",         "Åkerveien",
	"Kløverveien",      "Timoteiveien",
	"Seterveien",       "Beiteveien",
	"Gjerdeveien",      "Grindveien",
	"Prestegata",       "Klokkerbakken",
	"Lensmannsveien",   "Doktorbakken",
	"Bakergata",        "Smedgata",
	"Snekkerveien",     "Murerveien",
	"Malerveien",       "Bødkerveien",
	"Garverveien",      "Møllerveien",
	"Industriveien",    "Verkstedveien",
	"Lagerveien",       "Terminalveien",
	"Idrettsveien",     "Stadionveien",
	"Hallveien",        "Svømmehallveien",
	"Skoleveien",       "Barnehageveien",
	"Bibliotekgata",    "Teatergata",
	"Festsalbakken",    "Torgveien",
	"Torget",           "Markedsgata",
	"Nygata",           "Gamleveien",
	"Ringveien",        "Tverrgata",
	"Øvre Bakkegate",   "Nedre Bakkegate",
	"Østre Strandvei",  "Vestre Strandvei",
	"Søndre Fjellgate", "Nordre Fjellgate",
};

/* Further streets for a larger place: a root and an ending. None makes a name of the list above. */
static const char *const roots[] = {
	"Almen",  "Aske",     "Berge",   "Birke",  "Bjørne", "Blåklokke", "Brattli",  "Bruna",
	"Bygd",   "Dragsund", "Fagerli", "Falke",  "Finn",   "Fjord",     "Fredheim", "Frøya",
	"Furu",   "Gran",     "Grip",    "Grønn",  "Haug",   "Hauge",     "Heim",     "Hest",
	"Hvit",   "Kalv",     "Kleiv",   "Klokke", "Kolle",  "Konvall",   "Kvern",    "Kvit",
	"Lang",   "Leir",     "Li",      "Lille",  "Lomme",  "Lund",      "Lykke",    "Mark",
	"Mo",     "Molte",    "Moss",    "Nøkle",  "Olde",   "Omagt",     "Perle",    "Raud",
	"Rein",   "Rosen",    "Sand",    "Skog",   "Skrent", "Slett",     "Snø",      "Sol",
	"Stein",  "Stor",     "Sval",    "Tange",  "Tinde",  "Torve",     "Trolle",   "Ulv",
	"Vester", "Vind",     "Voll",    "Øster",  "Åker",   "Utsikts",
};
static const char *const endings[] = {
	"bakken", "lia",   "stien", "tunet",   "svingen", "haugen", "vegen",  "faret",  "kroken",
	"ringen", "dalen", "enga",  "brinken", "toppen",  "åsen",   "grenda", "jordet", "berget"
};

static const char *const given[] = {
	"Anne",   "Inger",     "Kari",      "Marit",    "Ingrid",    "Liv",     "Eva",
	"Berit",  "Astrid",    "Bjørg",     "Hilde",    "Anna",      "Solveig", "Marianne",
	"Randi",  "Ida",       "Nina",      "Maria",    "Elisabeth", "Kristin", "Bente",
	"Heidi",  "Silje",     "Hege",      "Gerd",     "Linda",     "Tone",    "Tove",
	"Elin",   "Anita",     "Wenche",    "Ragnhild", "Camilla",   "Ellen",   "Karin",
	"Hanne",  "Ingeborg",  "Monica",    "Mona",     "Turid",     "Julie",   "Nora",
	"Emma",   "Sofie",     "Thea",      "Amina",    "Fatima",    "Maryam",  "Oksana",
	"Olena",  "Agnieszka", "Katarzyna", "Selam",    "Yasmin",    "Jan",     "Per",
	"Bjørn",  "Ole",       "Lars",      "Kjell",    "Knut",      "Arne",    "Svein",
	"Thomas", "Hans",      "Geir",      "Tor",      "Morten",    "Terje",   "Odd",
	"Erik",   "Martin",    "Andreas",   "John",     "Anders",    "Rune",    "Trond",
	"Tore",   "Daniel",    "Jon",       "Kristian", "Marius",    "Magnus",  "Jonas",
	"Stian",  "Henrik",    "Espen",     "Øyvind",   "Kåre",      "Einar",   "Leif",
	"Gunnar", "Harald",    "Sverre",    "Jakob",    "Emil",      "Noah",    "Oskar",
	"Filip",  "Ahmed",     "Ali",       "Omar",     "Piotr",     "Tomasz",  "Andrij",
	"Mykola", "Samuel",    "Hassan",
};

static const char *const surnames[] = {
	"Hansen",    "Johansen",      "Olsen",      "Larsen",     "Andersen",    "Pedersen",
	"Nilsen",    "Kristiansen",   "Jensen",     "Karlsen",    "Johnsen",     "Pettersen",
	"Eriksen",   "Berg",          "Haugen",     "Hagen",      "Johannessen", "Andreassen",
	"Jacobsen",  "Dahl",          "Jørgensen",  "Henriksen",  "Lund",        "Halvorsen",
	"Sørensen",  "Jakobsen",      "Moen",       "Gundersen",  "Iversen",     "Strand",
	"Solberg",   "Svendsen",      "Eide",       "Knutsen",    "Martinsen",   "Paulsen",
	"Bakken",    "Kristoffersen", "Mathisen",   "Lie",        "Amundsen",    "Nguyen",
	"Rasmussen", "Ali",           "Lunde",      "Solheim",    "Berge",       "Moe",
	"Nygård",    "Bakke",         "Kristensen", "Fredriksen", "Holm",        "Lien",
	"Hauge",     "Christensen",   "Andresen",   "Nielsen",    "Knudsen",     "Evensen",
	"Sæther",    "Aas",           "Myhre",      "Hanssen",    "Ahmed",       "Haugland",
	"Thomassen", "Sivertsen",     "Simonsen",   "Danielsen",  "Berntsen",    "Sandvik",
	"Rønning",   "Arnesen",       "Næss",       "Antonsen",   "Haug",        "Ellingsen",
	"Thorsen",   "Edvardsen",     "Vik",        "Isaksen",    "Gulbrandsen", "Aune",
	"Ruud",      "Strøm",         "Myklebust",  "Tangen",     "Ødegård",     "Eliassen",
	"Helland",   "Bøe",           "Jenssen",    "Aasen",      "Mikkelsen",   "Tveit",
	"Brekke",    "Engen",         "Nowak",      "Kowalski",   "Shevchenko",  "Kovalenko",
	"Hussein",   "Mohamud",       "Tesfay",     "Kvalvåg",    "Rensvik",     "Frei",
	"Bolga",     "Storvik",       "Ulset",      "Sterkoder",  "Folland",     "Honnstad",
	"Gløsen",    "Tøndervik",     "Averøy",     "Sunde",      "Brunsvik",
};

static const struct {
	const char *name, *trade;
} suppliers[] = {
	{ "Nordmøre Rør og Varme AS", "VVS" },
	{ "Sundet Elektro AS", "Elkraft" },
	{ "Klippen Ventilasjon AS", "Ventilasjon" },
	{ "Vågen Heis AS", "Heis" },
	{ "Kyst Brannvern AS", "Brannvern" },
	{ "Gripskjær Tak og Blikk AS", "Blikkenslager" },
	{ "Fjordbygg Tømrer AS", "Tømrer" },
	{ "Havgløtt Maler AS", "Maler/Gulvlegging" },
	{ "Låsmester Tollåsen AS", "Lås Beslag og Smed" },
	{ "Grønne Hager Nordmøre AS", "Grøntanlegg" },
	{ "Storholmen Skadeservice AS", "Skadebegrensninger" },
	{ "Skjærgård Skadedyrkontroll AS", "Skadedyr" },
	{ "Nordvest Automasjon AS", "Automasjon" },
	{ "Bryggen Renhold AS", "Renhold" },
	{ "Lanterna Alarm AS", "Alarmer" },
	{ "Vardetind Snø og Strø AS", "Vintervedlikehold" },
};

int name_street_count(void)
{
	return COUNT(streets) + COUNT(roots) * COUNT(endings);
}

void name_street(int i, char out[NAME_MAX_BYTES])
{
	if (i < COUNT(streets)) {
		snprintf(out, NAME_MAX_BYTES, "%s", streets[i]);
		return;
	}
	/* Endings change fastest last, so that neighbours do not all begin alike. */
	i -= COUNT(streets);
	snprintf(out, NAME_MAX_BYTES, "%s%s", roots[i % COUNT(roots)], endings[i / COUNT(roots)]);
}

void name_person(struct prng *p, char out[NAME_MAX_BYTES])
{
	const char *first = given[prng_below(p, COUNT(given))];
	const char *last = surnames[prng_below(p, COUNT(surnames))];

	if (prng_chance(p, 18))
		snprintf(out, NAME_MAX_BYTES, "%s %s %s", first,
			 surnames[prng_below(p, COUNT(surnames))], last);
	else
		snprintf(out, NAME_MAX_BYTES, "%s %s", first, last);
}

int name_supplier_count(void)
{
	return COUNT(suppliers);
}

const char *name_supplier(int i, const char **trade)
{
	*trade = suppliers[i].trade;
	return suppliers[i].name;
}

/* The ASCII letter of a two-byte UTF-8 letter that begins with 0xc3; '\0' for others. */
static char ascii_of(unsigned char second)
{
	switch (second) {
	case 0x85:
	case 0xa5:
	case 0x86:
	case 0xa6: /* Å å Æ æ */
		return 'a';
	case 0x98:
	case 0xb8: /* Ø ø */
		return 'o';
	default:
		return '\0';
	}
}

void name_to_ascii(const char *name, char *out, size_t size)
{
	size_t n = 0;

	for (const char *p = name; *p && n + 1 < size; p++) {
		char c = *p;

		if ((unsigned char)c == 0xc3)
			c = ascii_of((unsigned char)*++p);
		else if (c == ' ')
			c = '.';
		else if (c >= 'A' && c <= 'Z')
			c = (char)(c - 'A' + 'a');
		if ((c >= 'a' && c <= 'z') || (c == '.' && n > 0 && out[n - 1] != '.'))
			out[n++] = c;
	}
	out[n] = '\0';
}
