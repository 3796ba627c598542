// Makes the sample exports beside it: node make-samples.ts. What each line is there for stands in README.md.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { book, zip, type Cell } from './files.ts';

const here = dirname(fileURLToPath(import.meta.url));
const write = (name: string, bytes: string | Buffer): void => writeFileSync(join(here, name), bytes);
const table = (rows: (string | number)[][]): string => `\ufeff${rows.map((r) => r.map((c) => (/[;"\n]/.test(String(c)) ? `"${String(c).replaceAll('"', '""')}"` : c)).join(';')).join('\r\n')}\r\n`;
const latin1 = (text: string): Buffer => Buffer.from(text.replace('\ufeff', ''), 'latin1');

// -- eByggWeb: a table of documents ---------------------------------------------------------------------------------
write('ebyggweb.csv', latin1(table([
  ['Saksnr', 'Sakstittel', 'Status', 'Registrert', 'Avsluttet', 'Saksbehandler', 'Tiltak', 'Adresse', 'Kommunenr', 'Gnr/bnr', 'Bygningsnr', 'Dokument', 'Dokumenttype', 'Dokumentdato', 'Filnavn', 'DokumentID'],
  ['2019/4567', 'Nytt tak på rådhuset', 'Avsluttet', '02.05.2019', '14.11.2019', 'Kari Nordmann', 'fasade', 'Langveien 4', 1505, '4/112', 300171619, 'Søknad om tiltak uten ansvarsrett', 'SØKNAD', '30.04.2019', 'saker/2019-4567/soknad.pdf', 'D-1'],
  ['2019/4567', 'Nytt tak på rådhuset', 'Avsluttet', '02.05.2019', '14.11.2019', 'Kari Nordmann', 'fasade', 'Langveien 4', 1505, '4/112', 300171619, 'Tegning snitt', 'TEGNING', '30.04.2019', 'saker/2019-4567/snitt.pdf', 'D-2'],
  ['1969/12', 'Skolebygg', 'Avsluttet', '1969-03-01', '', '', 'nyttbyggover70m2', 'KIRKEGATEN 4B', 1505, '1505-4/207', 81764387, '', '', '', '', ''],
  ['2020/1', 'Ukjent eiendom', 'Under behandling', '05.01.2020', '', '', 'tilbyggunder50m2', 'Ingensteds 1', 1505, '999/1', '', 'Situasjonskart', 'KART', '43835', 'saker/2020-1/kart.pdf', 'D-3'],
  ['2020/2', 'Dato som ikke finnes', 'Avsluttet', '31.02.2020', '', '', 'fasade', 'Langveien 4', 505, '4/112', 300171619, 'Vedtak', 'VEDTAK', '31.02.2020', 'saker/2020-2/vedtak.pdf', 'D-4'],
  ['2020/3', 'Ukjent dokumenttype', 'Avsluttet', '01.03.2020', '', '', 'fasade', 'Kirkegt. 4 b', 1505, '4/207', '', 'Notat', 'TROLLDOM', '01.03.2020', '..\\..\\etc\\passwd', 'D-5'],
])));

// -- eByggesak: ArkivLett and byggesak.xml ----------------------------------------------------------------------------
const lett = [
  {
    tittel: 'Nytt tak på rådhuset', beskrivelse: 'Omtekking', mappeId: '2019/4567', saksstatus: { kodeverdi: 'A', kodebeskrivelse: 'Avsluttet' }, saksdato: '2019-05-02', saksansvarlig: 'Kari Nordmann',
    administrativEnhet: 'Byggesak', adresse: 'Langveien 4', avsluttetDato: '2019-11-14', saksnummer: { saksaar: 2019, sakssekvensnummer: 4567 }, tiltakstype: { kodeverdi: 'fasade', kodebeskrivelse: 'Fasadeendring' },
    tiltakshaver: { navn: 'Kristiansund kommune' }, ansvarligSoeker: null, matrikkelnummer: { kommunenummer: '1505', gaardsnummer: 4, bruksnummer: 112, festenummer: 0, seksjonsnummer: 0 },
    dokumenter: [
      { tittel: 'Søknad', dokumenttype: 'SØKNAD', referanseDokumentfil: 'dokumenter/1.pdf', filstoerrelse: 12345, mimeType: 'application/pdf', versjon: 1, dokumentetsdato: '2019-04-30', SystemId: '7a3c0001' },
      { tittel: 'Vedtak', dokumenttype: 'VEDTAK', referanseDokumentfil: 'dokumenter/2.pdf', filstoerrelse: 2345, mimeType: 'application/pdf', versjon: 2, dokumentetsdato: '2019-06-01', vedtaksstatus: 'Godkjent', vedtaksdato: '2019-06-01', SystemId: '7a3c0002', ErstatterTidligereSystemId: '7a3c0000' },
    ],
  },
  { tittel: 'Skolebygg \u201eA\u0308\u201c', mappeId: '1969/12', saksdato: '1969-03-01', saksnummer: { saksaar: 1969, sakssekvensnummer: 12 }, matrikkelnummer: { kommunenummer: '1505', gaardsnummer: 4, bruksnummer: 207 }, dokumenter: [] },
  { tittel: 'Kommunenummer uten null', mappeId: '2020/9', saksdato: '2020-02-30', saksnummer: { saksaar: 2020, sakssekvensnummer: 9 }, matrikkelnummer: { kommunenummer: 301, gaardsnummer: 1, bruksnummer: 2 }, dokumenter: [{ tittel: 'Uten fil', dokumenttype: 'KORR', SystemId: '7a3c0003' }] },
];
write('ebyggesak.json', `${JSON.stringify(lett, null, 1)}\n`);
write('ebyggesak.xml', `<?xml version="1.0" encoding="UTF-8"?>
<byggesak xmlns="http://rep.geointegrasjon.no/Matrikkel/foering/v2">
  <systemId>BS-1</systemId><tittel>Tilbygg på skolen</tittel>
  <saksnummer><saksaar>2021</saksaar><sakssekvensnummer>88</sakssekvensnummer></saksnummer>
  <kategori>Tilbygg</kategori>
  <vedtak><beskrivelse>Godkjent</beskrivelse><vedtaksdato>2021-05-04</vedtaksdato><status>Godkjent</status><tiltak><tiltakid>1</tiltakid><tiltakstype>tilbyggover50m2</tiltakstype></tiltak><tiltak><tiltakid>2</tiltakid><tiltakstype>fasade</tiltakstype></tiltak></vedtak>
  <tiltakshaver><partstype>Organisasjon</partstype><organisasjonsnummer>991891919</organisasjonsnummer><navn>Kristiansund kommune</navn><telefonnummer>12345678</telefonnummer></tiltakshaver>
  <matrikkelopplysninger>
    <eiendomsidentifikasjon><kommunenummer>1505</kommunenummer><gaardsnummer>4</gaardsnummer><bruksnummer>207</bruksnummer></eiendomsidentifikasjon>
    <adresse><adressekode>10500</adressekode><adressenavn>Kirkegata</adressenavn><adressenummer>4</adressenummer><adressebokstav>B</adressebokstav></adresse>
    <bygning><bebygdAreal>512.5</bebygdAreal><bygningstype><kodeverdi>613</kodeverdi></bygningstype><harHeis>false</harHeis><tiltakid>1</tiltakid><byggIdent><bygningsnummer>81764387</bygningsnummer><bygningsloepenummer>1</bygningsloepenummer></byggIdent>
      <bruksenheter><bruksenhetsnummer><etasjeplan>H</etasjeplan><etasjenummer>01</etasjenummer><loepenummer>01</loepenummer></bruksenhetsnummer><bruksenhetstype><kodeverdi>A</kodeverdi></bruksenhetstype><bruksareal>480</bruksareal><antallRom>12</antallRom></bruksenheter>
      <etasjer><etasjenummer>01</etasjenummer><etasjeplan><kodeverdi>H</kodeverdi></etasjeplan><bruksareal><bruksarealTotalt>480</bruksarealTotalt></bruksareal></etasjer></bygning>
  </matrikkelopplysninger>
  <registrertDato>2021-03-01</registrertDato><saksbehandler>Ola Nordmann</saksbehandler>
</byggesak>
`);

// -- Noark 5 ----------------------------------------------------------------------------------------------------------
const document = (id: number, title: string, file: string, type = 'Hoveddokument'): string => `<dokumentbeskrivelse><systemID>db-${id}</systemID><dokumenttype>Tegning</dokumenttype><dokumentstatus>Dokumentet er ferdigstilt</dokumentstatus><tittel>${title}</tittel><opprettetDato>2010-01-02T00:00:00Z</opprettetDato><opprettetAv>KN</opprettetAv>
<tilknyttetRegistreringSom>${type}</tilknyttetRegistreringSom><dokumentnummer>${id}</dokumentnummer><tilknyttetDato>2010-01-02</tilknyttetDato><tilknyttetAv>KN</tilknyttetAv>
<dokumentobjekt><systemID>do-${id}</systemID><versjonsnummer>1</versjonsnummer><variantformat>Arkivformat</variantformat><format>fmt/95</format><opprettetDato>2010-01-02</opprettetDato><opprettetAv>KN</opprettetAv><referanseDokumentfil>${file}</referanseDokumentfil><sjekksum>${'ab'.repeat(32)}</sjekksum><sjekksumAlgoritme>SHA-256</sjekksumAlgoritme><filstoerrelse>4321</filstoerrelse></dokumentobjekt></dokumentbeskrivelse>`;
const noark = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>
<arkiv xmlns="http://www.arkivverket.no/standarder/noark5/arkivstruktur" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://www.arkivverket.no/standarder/noark5/arkivstruktur arkivstruktur.xsd">
<systemID>arkiv-1</systemID><tittel>Eiendomsarkivet</tittel><arkivskaper><arkivskaperID>991891919</arkivskaperID><arkivskaperNavn>Kristiansund kommune</arkivskaperNavn></arkivskaper>
<arkivdel><systemID>del-1</systemID><tittel>Byggesak 1960–2010</tittel><arkivdelstatus>Avsluttet periode</arkivdelstatus>
<klassifikasjonssystem><systemID>ks-1</systemID><klassifikasjonstype>GBN</klassifikasjonstype><tittel>Gårds- og bruksnummer</tittel>
<klasse><systemID>k-1</systemID><klasseID>4/112</klasseID><tittel>Rådhuset</tittel>
<mappe xsi:type="saksmappe"><systemID>m-1</systemID><mappeID>2009/1234</mappeID><tittel>Ombygging av rådhuset</tittel><offentligTittel>Ombygging</offentligTittel><opprettetDato>2009-05-01T08:00:00+02:00</opprettetDato><opprettetAv>KN</opprettetAv><avsluttetDato>2010-06-01</avsluttetDato><avsluttetAv>KN</avsluttetAv>
<virksomhetsspesifikkeMetadata><bygningsnummer>300171619</bygningsnummer></virksomhetsspesifikkeMetadata><part><partID>1</partID><partNavn>Kristiansund kommune</partNavn><partRolle>Tiltakshaver</partRolle></part><part><partID>2</partID><partNavn>Bygg &amp; Søn AS</partNavn><partRolle>Ansvarlig søker</partRolle></part>
<registrering xsi:type="journalpost"><systemID>r-1</systemID><opprettetDato>2009-05-02</opprettetDato><opprettetAv>KN</opprettetAv><arkivertDato>2009-05-02</arkivertDato><arkivertAv>KN</arkivertAv>${document(1, 'Plan 1. etasje', 'dokumenter/1.pdf')}${document(2, 'Snitt A–A', 'dokumenter/2.pdf', 'Vedlegg')}
<registreringsID>2009/1234-1</registreringsID><tittel>Tegninger</tittel><korrespondansepart><korrespondanseparttype>Avsender</korrespondanseparttype><korrespondansepartNavn>Bygg &amp; Søn AS</korrespondansepartNavn></korrespondansepart>
<journalaar>2009</journalaar><journalsekvensnummer>77</journalsekvensnummer><journalpostnummer>1</journalpostnummer><journalposttype>Inngående dokument</journalposttype><journalstatus>Journalført</journalstatus><journaldato>2009-05-02</journaldato></registrering>
<mappe xsi:type="saksmappe"><systemID>m-2</systemID><mappeID>2009/1234-A</mappeID><tittel>Delsak: heis</tittel><opprettetDato>2009-07-01</opprettetDato><skjerming><tilgangsrestriksjon>UO</tilgangsrestriksjon><skjermingshjemmel>Offl. § 13</skjermingshjemmel><skjermingMetadata>Mappetittel</skjermingMetadata></skjerming></mappe>
<saksaar>2009</saksaar><sakssekvensnummer>1234</sakssekvensnummer><saksdato>2009-05-01</saksdato><administrativEnhet>Byggesak</administrativEnhet><saksansvarlig>Kari Nordmann</saksansvarlig><saksstatus>Avsluttet</saksstatus></mappe></klasse>
<klasse><systemID>k-2</systemID><klasseID>999/1</klasseID><tittel>Ukjent eiendom</tittel>
<mappe><systemID>m-3</systemID><mappeID>1985/3</mappeID><tittel>Mappe uten registreringer</tittel><opprettetDato>31.12.1985</opprettetDato></mappe></klasse>
</klassifikasjonssystem></arkivdel></arkiv>
`;
write('noark5.xml', noark('UTF-8'));
write('ephorte.xml', Buffer.from(noark('ISO-8859-1').replaceAll('–', '-'), 'latin1'));

// -- Public 360 -------------------------------------------------------------------------------------------------------
write('public360-saker.json', `${JSON.stringify({
  Cases: [
    { Recno: 200001, CaseNumber: '21/00123', ExternalId: { Id: 'X-1', Type: 'FDV' }, Title: 'Skifte av ventilasjon, rådhuset', Date: '2021-02-03T00:00:00', Status: 'Under behandling', AccessCodeCode: 'U', ResponsibleEnterpriseName: 'Eiendom', ResponsiblePersonName: 'Kari Nordmann', ArchiveCodes: [{ ArchiveCode: '4/112', ArchiveType: 'GBNR', Sort: 1, IsManualText: false }, { ArchiveCode: '614', ArchiveType: 'K-kode', Sort: 2, IsManualText: false }],
      Documents: [{ Recno: 300001, DocumentNumber: '21/00123-1', Title: 'Tilbud', DocumentDate: '2021-02-10T00:00:00', Category: { Recno: 110, Code: 'I', Description: 'Dokument inn' }, StatusCode: 'J', Files: [{ Recno: 400001, Title: 'tilbud', Format: 'PDF', URL: 'https://360.example.no/f/400001', Base64Data: 'JVBERi0xLjcK', VersionFormatCode: 'P' }] }],
      CaseEstates: [{ Recno: 500001, ExternalId: '1505-4/112' }], LastChangedDate: '2021-03-01T12:00:00' },
    { Recno: 200002, CaseNumber: '21/00124', Title: 'Sak uten eiendom', Date: '2021-02-30T00:00:00', Status: 'Avsluttet', ArchiveCodes: [], Documents: null, CaseEstates: [] },
  ],
  TotalPageCount: 1, TotalCount: 2, Successful: true, ErrorMessage: null, ErrorDetails: null,
}, null, 1)}\n`);
write('public360-dokumenter.json', `${JSON.stringify({
  Documents: [
    { Recno: 300002, DocumentNumber: '21/00123-2', Title: 'Serviceavtale ventilasjon', DocumentDate: '2021-04-01', JournalDate: '2021-04-02', Category: { Code: 'U', Description: 'Dokument ut' }, Type: { Code: 'AVTALE' }, StatusCode: 'F', AccessCodeCode: 'U', Contacts: [{ SearchName: 'Luft AS', Role: 'Mottaker' }, { SearchName: 'Kristiansund kommune', Role: 'Avsender' }], Files: [{ Recno: 400002, Title: 'avtale', Format: 'PDF', RelationTypeCode: 'H', VersionFormatCode: 'A' }, { Recno: 400003, Title: 'vedlegg', Format: 'DOCX', RelationTypeCode: 'V', VersionFormatCode: 'P' }], CustomFields: [{ Name: 'Byggnr', Value: '300171619' }] },
  ],
  TotalPageCount: 3, TotalCount: 250, Successful: true, ErrorMessage: null, ErrorDetails: null,
}, null, 1)}\n`);

// -- SharePoint -------------------------------------------------------------------------------------------------------
const library: Cell[][] = [
  ['Navn', 'Tittel', 'Endret', 'Endret av', 'Filstørrelse', 'Innholdstype', 'Elementtype', 'Bane', 'Kategori', 'Bygningsdel', 'Byggnr'],
  ['Brannplan.pdf', 'Brannplan', '12.03.2022 14:05', 'Kari Nordmann', 204800, 'Dokument', 'Element', 'sites/eiendom/FDV/Rådhuset/Brann', 'Tegning plan', '33', '300171619'],
  ['Heisbok.pdf', '', '01.02.2020 08:00', 'Ola Nordmann', 1024, 'Dokument', 'Element', 'sites/eiendom/FDV/Rådhuset/Heis', 'Tilsyn og vedlikehold', '621', '300171619'],
  ['Heis', '', '01.02.2020 08:00', 'Ola Nordmann', 0, 'Mappe', 'Mappe', 'sites/eiendom/FDV/Rådhuset', '', '', ''],
  ['Ukjent.pdf', 'Hvor hører denne til?', '2021-13-01', '', 'ukjent', 'Dokument', 'Element', 'sites/eiendom/FDV/Diverse', 'Diverse', '88', ''],
];
write('sharepoint.csv', table(library as (string | number)[][]).replaceAll(';', ','));
write('sharepoint.xlsx', book([{ name: 'query', rows: library.map((row, i) => row.map((cell, k): Cell => (i === 1 && k === 2 ? { date: 44632.586805555555 } : cell))) }]));

// -- Matrikkelen ------------------------------------------------------------------------------------------------------
write('matrikkel-vegadresse.csv', table([
  'lokalId;kommunenummer;kommunenavn;adressetype;adressetilleggsnavn;adressetilleggsnavnKilde;adressekode;adressenavn;nummer;bokstav;gardsnummer;bruksnummer;festenummer;undernummer;adresseTekst;adresseTekstUtenAdressetilleggsnavn;EPSG-kode;Nord;Øst;postnummer;poststed;oppdateringsdato;datauttaksdato;adresseId;uuidAdresse;atkomstId;uuidAtkomst;atkomstNord;atkomstØst;sommeratkomstId;uuidSommeratkomst;sommeratkomstNord;sommeratkomstØst;vinteratkomstId;uuidVinteratkomst;vinteratkomstNord;vinteratkomstØst'.split(';'),
  ...[
    '1;1505;KRISTIANSUND;vegadresse;;;10400;Langveien;4;;4;112;;;Langveien 4;Langveien 4;25832;6998536,36;435816,72;6511;KRISTIANSUND N;15.06.2020 16:46;16.11.2026 06:00;900001',
    '2;1505;KRISTIANSUND;vegadresse;;;10500;Kirkegata;4;B;4;207;;;Kirkegata 4B;Kirkegata 4B;25833;7018676,31;133631,13;6511;KRISTIANSUND N;15.06.2020 16:46;16.11.2026 06:00;900002',
    '3;1505;KRISTIANSUND;vegadresse;;;10500;Kirkegata;6;;4;208;;;Kirkegata 6;Kirkegata 6;4258;63,1105;7,728;6511;KRISTIANSUND N;15.06.2020 16:46;16.11.2026 06:00;900003',
    '4;1505;KRISTIANSUND;vegadresse;;;10500;Kirkegata;8;;4;209;;;Kirkegata 8;Kirkegata 8;25832;435816,72;6998536,36;6511;KRISTIANSUND N;15.06.2020 16:46;16.11.2026 06:00;900004',
    '5;301;OSLO;vegadresse;;;12345;Storgata;1;;228;10;;;Storgata 1;Storgata 1;25832;6643000;597000;155;OSLO;15.06.2020 16:46;16.11.2026 06:00;900005',
    '6;1503;KRISTIANSUND;vegadresse;;;10600;Gammelveien;2;;4;300;;;Gammelveien 2;Gammelveien 2;25832;6998500;435900;6511;KRISTIANSUND N;15.06.2001;16.11.2026 06:00;900006',
  ].map((line) => [...line.split(';'), ...Array.from({ length: 13 }, () => '')]),
]));
const gml = (epsg: number, spots: [number, string, string, string][], headOnly = false): string => `<?xml version="1.0" encoding="UTF-8"?>
<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:app="http://skjema.geonorge.no/SOSI/produktspesifikasjon/Matrikkelen-Bygningspunkt/20211101" gml:id="FC-1">
<gml:boundedBy><gml:Envelope srsName="http://www.opengis.net/def/crs/EPSG/0/${epsg}" srsDimension="2"><gml:lowerCorner>0 0</gml:lowerCorner><gml:upperCorner>1 1</gml:upperCorner></gml:Envelope></gml:boundedBy>
${spots.map(([number, status, type, pos], i) => `<gml:featureMember><app:Bygning gml:id="b${i}"><app:bygningsnummer>${number}</app:bygningsnummer><app:bygningsstatus>${status}</app:bygningsstatus><app:kommunenummer>1505</app:kommunenummer><app:kommunenavn>KRISTIANSUND</app:kommunenavn><app:bygningstype>${type}</app:bygningstype><app:oppdateringsdato>2021-01-0${i + 1}T00:00:00</app:oppdateringsdato><app:harKulturminne>false</app:harKulturminne><app:harSefrakminne>${i === 1}</app:harSefrakminne>${i === 1 ? '<app:sefrakIdent><app:SefrakIdent><app:sefrakKommune>1503</app:sefrakKommune><app:registreringskretsnummer>12</app:registreringskretsnummer><app:huslopenummer>7</app:huslopenummer></app:SefrakIdent></app:sefrakIdent>' : ''}<app:stedfestingVerifisert>true</app:stedfestingVerifisert>
<app:bruksenhet><app:Bruksenhet><app:bruksenhetId>90${i}1</app:bruksenhetId><app:matrikkelenhetId>70${i}</app:matrikkelenhetId></app:Bruksenhet></app:bruksenhet><app:bruksenhet><app:Bruksenhet><app:bruksenhetId>90${i}2</app:bruksenhetId><app:matrikkelenhetId>70${i}</app:matrikkelenhetId></app:Bruksenhet></app:bruksenhet>
<app:representasjonspunkt><gml:Point gml:id="p${i}"${headOnly ? '' : ` srsName="http://www.opengis.net/def/crs/EPSG/0/${epsg}"`}><gml:pos>${pos}</gml:pos></gml:Point></app:representasjonspunkt></app:Bygning></gml:featureMember>`).join('\n')}
</gml:FeatureCollection>
`;
write('matrikkel-bygning-25832.gml', gml(25832, [[300171619, 'TB', '311', '435816.72 6998536.36'], [81764387, 'FA', '613', '435900.10 6998600.20'], [81764387, 'FA', '613', '435900.10 6998600.20'], [151854133, 'BR', '111', '6998536.36 435816.72'], [300171700, 'XX', '998', '435000 6998000']]));
write('matrikkel-bygning-4258.gml', gml(4258, [[300171619, 'TB', '311', '63.1105 7.7280'], [81764387, 'FA', '613', '63.1111 7.7297']], true));
write('matrikkel-bygning-4258.zip', zip({ 'Basisdata_1505_Kristiansund_4258_MatrikkelenBygning_GML.gml': Buffer.from(gml(4258, [[300171619, 'TB', '311', '63.1105 7.7280']], true)) }));

// -- spreadsheets of the municipality's own ---------------------------------------------------------------------------
write('components.xlsx', book([
  { name: 'Komponenter', merges: ['G5:G6'], hiddenColumns: 1, rows: [
    ['TFM-ID', 'Betegnelse', 'NS 3451', 'Byggnr', 'Fabrikat', 'Montert', 'Innkjøpspris', 'TG'],
    ['+A=360.001-JV001', 'Avtrekksvifte', '364', 300171619, 'Systemair', { date: 43922 }, '1.250,50', 1],
    ['+A=320.001-LV001', 'Varmtvannsbereder', '325', 300171619, 'OSO', 43922, 12500.5, { f: 'H2+1', v: 2 }],
    { cells: ['+A=542.001', 'Brannsentral', '542', 300171619, 'Autronica', '01.04.2019', '1 250,50', 0], hidden: true },
    ['+A=621.001', 'Heis', '621', 81764387, 'Kone', '2015-06-01', 900000, { f: 'SUM(1)' }],
    ['+A=621.002', 'Heis 2', '88', 81764387, 'Kone', '31.02.2015', null, 3],
    ['', 'Uten bygg', '364', { error: '#REF!' }, '', '', 'mange penger', 2],
  ] },
  { name: 'Hjelp', rows: [['Fyll ut arket Komponenter']] },
]));
write('leases.csv', table([
  ['Kontraktsnr', 'Adresse', 'Bruksenhet', 'Gnr/bnr', 'Leietaker', 'Fødselsnummer', 'Mobil', 'E-post', 'Husleie', 'Depositum', 'Fra dato', 'Til dato', 'Sist regulert', 'KID'],
  ['K-1', 'Langveien 4', 'H0101', '4/112', 'Test Testesen', '13097248022', '41234567', 'test@example.no', '8 250,50', '24 751,50', '01.05.2020', '30.04.2027', '01.05.2025', '0000531'],
  ['K-2', 'Kirkegt. 4 b', 'H0201', '4/207', 'Prøve Prøvesen', '29029648784', '12345678', 'ikke@ikke.no', '9.500,00', '', '2021-01-01', '', '', ''],
  ['K-3', 'KIRKEGATEN 4B', 'X9999', '4/207', 'Feil Feilesen', '13097248032', '00000000', 'x', '1,2,3', '', '31.02.2021', '', '', '123'],
  ['K-1', 'Langveien 4', 'H0101', '4/112', 'Samme kontrakt igjen', '', '', '', 8250.5, '', 43952, '', '', ''],
  ['K-4', 'Ingensteds 1', '', '', 'Ukjent bolig', '', '', '', '7000', '', '01.01.2022', '01.01.2021', '', ''],
]));
write('condition-survey.csv', table([
  ['Bygningsnr', 'import_type', 'building_part', 'title', 'descr', 'proposed_measures', 'condition_type', 'condition_degree', 'consequence', 'probability', 'amount_investment', 'amount_operation', 'amount_potential_grants', 'due_year'],
  [300171619, 1, '262', 'Taktekking', 'Slitt papp', 'Ny tekking', 'Sikkerhet', 2, 2, 2, '1.250,50', '', '', 2027],
  [300171619, 1, '364', 'Aggregat', 'Gammelt', 'Skiftes', 'Inneklima', 3, 3, 2, '', '', '', 2026],
  [81764387, 1, '234', 'Vinduer', 'Råte', 'Nye vinduer', 'Økonomi', 2, 1, 3, '450 000', '', '10%', 2028],
  [81764387, 1, '888', 'Ukjent bygningsdel', '', '', '', 1, 0, 1, '1000', '', '', 2026],
  [81764387, 1, '', 'Uten bygningsdel', '', '', '', 'TGIU', '', '', '', '', '', ''],
  [81764387, 1, '433', 'Grad utenfor skalaen', '', '', '', 5, 4, 9, '-100', '', '', 1026],
]));

// -- COBie ------------------------------------------------------------------------------------------------------------
write('ifc-cobie.xlsx', book([
  { name: 'Instruction', rows: [['COBie'], ['Read me']] },
  { name: 'Facility', rows: [['Name', 'CreatedBy', 'CreatedOn', 'Category', 'ProjectName', 'SiteName'], ['Rådhuset', 'bim@example.no', '2020-01-01T00:00:00', '311', 'Ombygging', 'Langveien 4']] },
  { name: 'Floor', rows: [['Name', 'CreatedBy', 'CreatedOn', 'Category', 'Elevation', 'Height'], ['1. etasje', 'bim@example.no', '2020-01-01T00:00:00', 'Floor', 0, 3.2], ['2. etasje', 'bim@example.no', '2020-01-01T00:00:00', 'Floor', 3.2, { f: 'F2', v: 3.2 }]] },
  { name: 'Space', rows: [['Name', 'CreatedBy', 'CreatedOn', 'Category', 'FloorName', 'Description', 'RoomTag', 'GrossArea', 'NetArea'], ['101', 'bim@example.no', '2020-01-01T00:00:00', 'Kontor', '1. etasje', 'Kontor', '101', 12.5, 11.9], ['102', 'bim@example.no', '2020-01-01T00:00:00', 'Teknisk rom', '3. etasje', 'Finnes ikke', '102', 'n/a', '']] },
  { name: 'Type', rows: [['Name', 'CreatedBy', 'CreatedOn', 'Category', 'Description', 'Manufacturer', 'ModelNumber', 'ReplacementCost', 'ExpectedLife'], ['VIFTE-1', 'bim@example.no', '2020-01-01T00:00:00', '364', 'Vifte', 'Systemair', 'K 160', 12500, 20]] },
  { name: 'Component', rows: [['Name', 'CreatedBy', 'CreatedOn', 'TypeName', 'Space', 'Description', 'SerialNumber', 'InstallationDate', 'TagNumber'], ['Vifte 1', 'bim@example.no', '2020-01-01T00:00:00', 'VIFTE-1', '101', 'Vifte', 'SN1', { date: 43922 }, '+A=360.001-JV001'], ['Vifte 2', 'bim@example.no', '2020-01-01T00:00:00', 'FINNES-IKKE', '999', '', '', '', '']] },
  { name: 'System', rows: [['Name', 'CreatedBy', 'CreatedOn', 'Category', 'ComponentNames'], ['360.001', 'bim@example.no', '2020-01-01T00:00:00', '36', 'Vifte 1,Vifte 2']] },
  { name: 'PickLists', state: 'hidden', rows: [['Category'], ['Kontor']] },
]));
