#include "faults.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof((a)[0])))

#define HOME   FAULT_DWELLING
#define COMMON FAULT_COMMON
#define WORK   FAULT_WORK
#define OUT    FAULT_OUTDOOR

/* clang-format off */
static const struct fault faults[] = {
	{"water_leak", HOME, 6, "Lekkasje under kjøkkenbenken", "Det drypper fra røret under vasken. Jeg har satt en bøtte under.", "Skiftet pakning og strammet kobling. Tørt ved kontroll."},
	{"water_leak", COMMON | WORK, 2, "Vann på gulvet i kjelleren", "Det står vann på gulvet ved varmtvannsberederen.", "Tettet lekkasje på ventil og tørket opp."},
	{"plumbing", HOME, 8, "Tett avløp på badet", "Vannet blir stående i dusjen.", "Staket opp sluk og renset vannlås."},
	{"plumbing", HOME, 6, "Toalettet renner hele tiden", "Det renner i toalettet selv om ingen har vært der.", "Skiftet flottør og pakning."},
	{"plumbing", WORK, 5, "Tett vask i garderoben", "Vasken i garderoben er tett.", "Renset vannlås."},
	{"heating", HOME, 7, "Panelovn i stua blir ikke varm", "Ovnen lyser, men er kald.", "Skiftet termostat."},
	{"heating", WORK, 4, "Kaldt i rommene mot nord", "Vi måler 17 grader om morgenen.", "Luftet radiatorer og justert turtemperatur."},
	{"hot_water", HOME, 5, "Ikke varmt vann", "Varmtvannet har vært borte siden i går.", "Skiftet element i berederen."},
	{"electricity", HOME, 4, "Kurs går stadig ut", "Sikringen til kjøkkenet går når komfyren er på.", "Fant jordfeil i komfyrkontakt. Skiftet."},
	{"electricity", COMMON, 2, "Mørkt i oppgangen", "Lyset i trappa virker ikke i noen etasjer.", "Skiftet trappeautomat."},
	{"lighting", COMMON, 6, "Lyspære er gått i 2. etasje", "Taklyset ved heisen er mørkt.", "Skiftet lyskilde."},
	{"lighting", WORK, 6, "Lysrør blinker", "Lysrøret over tavla blinker.", "Skiftet til LED-armatur."},
	{"lighting", OUT, 3, "Utelys virker ikke", "Lysmasten ved lekeplassen er mørk.", "Skiftet armatur."},
	{"fire_safety", HOME, 4, "Røykvarsleren piper", "Den piper hvert minutt, også med nytt batteri.", "Skiftet røykvarsler."},
	{"fire_safety", WORK, 2, "Branndør lukker ikke", "Døra mot trapperommet går ikke i lås.", "Justert dørpumpe."},
	{"lock_key", HOME, 5, "Låsen er treg", "Må bruke kraft for å vri om nøkkelen.", "Smurt og justert sluttstykke."},
	{"lock_key", WORK, 3, "Trenger ny nøkkel til personalrom", "En nøkkel er mistet.", "Omkodet sylinder og utlevert nøkler."},
	{"door_window", HOME, 6, "Vindu går ikke igjen", "Soveromsvinduet henger og det trekker.", "Justert hengsler og skiftet list."},
	{"door_window", COMMON, 4, "Inngangsdøra slår", "Døra smeller når det blåser.", "Justert dørpumpe."},
	{"ventilation", HOME, 4, "Viften på badet bråker", "Det durer hele natten.", "Renset vifte og skiftet lager."},
	{"ventilation", WORK, 4, "Tett luft i klasserommet", "Elevene klager på dårlig luft.", "Skiftet filter og justert luftmengde."},
	{"lift", COMMON, 3, "Heisen står", "Heisen står i 3. etasje og døra er åpen.", "Tilkalt heismontør. Dørføler skiftet."},
	{"roof_gutter", COMMON | WORK, 4, "Takrenne renner over", "Det renner over ved inngangen når det regner.", "Renset renne og nedløp."},
	{"wall_floor", HOME, 4, "Gulvbelegget løsner", "Belegget i gangen har sluppet og er lett å snuble i.", "Limt og sveiset skjøt."},
	{"wall_floor", WORK, 3, "Hull i veggen", "Det er sparket hull i gipsplata i gangen.", "Skiftet plate, sparklet og malt."},
	{"bathroom", HOME, 5, "Flis har løsnet i dusjen", "To fliser har falt ned.", "Limt nye fliser og fuget."},
	{"kitchen", HOME, 5, "Skuff på kjøkkenet er ødelagt", "Skuffeskinnen har løsnet.", "Skiftet skinne."},
	{"kitchen", WORK, 2, "Oppvaskmaskinen tømmer ikke", "Maskinen på personalrommet står full av vann.", "Renset pumpe."},
	{"common_area", COMMON, 4, "Det er skittent i oppgangen", "Trappa er ikke vasket på flere uker.", "Vasket og meldt til renholder."},
	{"waste", COMMON, 5, "Fulle søppeldunker", "Papirdunken er full og det ligger søppel rundt.", "Tømt og ryddet. Ekstra henting bestilt."},
	{"snow_ice", COMMON | WORK, 4, "Glatt ved inngangen", "Det er is i trappa. En nabo falt i går.", "Strødd og satt ut strøkasse."},
	{"outdoor", OUT | COMMON, 3, "Hekken henger over gangveien", "Det er vanskelig å komme fram med rullestol.", "Klippet."},
	{"playground", OUT, 6, "Huskestativet er løst", "Stativet vipper når barna husker.", "Støpt nytt fundament. Kontrollert etterpå."},
	{"playground", OUT, 3, "Glasskår i sandkassen", "Det ligger glass i sanda.", "Skiftet sand."},
	{"pests", HOME | COMMON, 3, "Mus i boden", "Har sett musemøkk i boden.", "Tettet hull og satt ut feller."},
	{"noise", HOME, 3, "Støy fra nabo om natten", "Det er høy musikk etter klokka 23.", "Brev sendt om husordensreglene."},
	{"damp_mould", HOME, 5, "Svarte prikker i taket på badet", "Det har kommet mugg etter vinteren.", "Vasket og malt. Økt avtrekk."},
	{"vandalism", COMMON | WORK | OUT, 4, "Tagging på veggen", "Noen har sprayet på veggen mot veien.", "Fjernet."},
	{"internet_tv", HOME | COMMON, 2, "Porttelefonen virker ikke", "Jeg hører ingenting når noen ringer på.", "Skiftet rør."},
	{"other", HOME | WORK, 4, "Spørsmål om bod", "Kan jeg få en større bod?", "Svart at det ikke er ledige boder nå."},
};

static const struct round rounds[] = {
	{"fire_alarm_monthly", "542", "fire_safety", "Månedlig egenkontroll av brannalarm", 24},
	{"fire_alarm_yearly", "542", "fire_safety", "Årskontroll av brannalarmanlegg", 5},
	{"extinguisher_yearly", "331", "fire_safety", "Årskontroll av brannslokkere", 14},
	{"emergency_light_yearly", "443", "fire_safety", "Årskontroll av nødlys", 6},
	{"sprinkler_yearly", "332", "fire_safety", "Årskontroll av sprinkleranlegg", 3},
	{"lift_monthly", "621", "lift", "Månedlig ettersyn av heis", 10},
	{"electrical_yearly", "432", "electricity", "Internkontroll av elektrisk anlegg", 9},
	{"ventilation_yearly", "365", "ventilation", "Årskontroll av ventilasjonsanlegg", 7},
	{"roof_spring", "262", "roof_gutter", "Takkontroll vår", 9},
	{"gutter_autumn", "265", "roof_gutter", "Rensing av renner, sluk og nedløp høst", 10},
	{"facade_yearly", "235", "wall_floor", "Kontroll av fasade, vindu og balkong", 8},
	{"heating_autumn", "325", "heating", "Oppstart av varmeanlegg", 4},
	{"playground_monthly", "77", "playground", "Rutineinspeksjon av lekeplass", 10},
	{"playground_yearly", "77", "playground", "Årlig hovedinspeksjon av lekeplass", 2},
};
/* clang-format on */

int fault_count(void)
{
	return COUNT(faults);
}

const struct fault *fault_at(int i)
{
	return &faults[i];
}

int round_count(void)
{
	return COUNT(rounds);
}

const struct round *round_at(int i)
{
	return &rounds[i];
}
