/* Marks after TFM and its relatives: the vectors of the standards and of those who use them. */
#include "register/tfm.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

struct vector {
	const char *text, *variant, *location, *system, *component, *type, *hint;
};

static const struct vector vectors[] = {
	/* as the variants are published */
	{ "+A=360.001-SR001", "tfm", "A", "360.001", "SR001", "", NULL },
	{ "+A=360.001:01-SR001T/001", "tfm2", "A", "360.001:01", "SR001T/001", "", NULL },
	{ "++B106=3600.014:SQZ0023%SQZ.008:03", "ns", "B106", "3600.014", "SQZ0023", "SQZ.008:03",
	  NULL },
	{ "+002=543.OU001-RK001T", "itb", "002", "543.OU001", "RK001T", "", NULL },
	{ "+AAA.EE=360.001-BB001", "nmbu", "AAA.EE", "360.001", "BB001", "", NULL },
	/* parts of them */
	{ "+0009=216.001-FU014", "tfm", "0009", "216.001", "FU014", "", NULL },
	{ "  +A=360.001-SR001\t", "tfm", "A", "360.001", "SR001", "", NULL },
	{ "++B106=3600.014:SQZ0023", "ns", "B106", "3600.014", "SQZ0023", "", NULL },
	{ "+A=360.001-SR001T", "tfm2", "A", "360.001", "SR001T", "", NULL },
	{ "+A=360.001-SR001/001", "tfm2", "A", "360.001", "SR001/001", "", NULL },
	/* out of form, and still read */
	{ "=360.001-SR001", "tfm", "", "360.001", "SR001", "", "tfm_location_missing" },
	{ "360.001-SR001", "tfm", "", "360.001", "SR001", "", "tfm_location_missing" },
	{ "-SR001", "tfm", "", "", "SR001", "", "tfm_system_missing" },
	{ "SR001", "tfm", "", "", "SR001", "", "tfm_system_missing" },
	{ "+A=360.001", "tfm", "A", "360.001", "", "", "tfm_component_missing" },
	{ "+A=36.1-SR001", "tfm", "A", "36.1", "SR001", "", "tfm_system_form" },
	{ "+A=360.001-SR1", "tfm", "A", "360.001", "SR1", "", "tfm_component_form" },
	{ "+A B=360.001-SR001", "tfm", "A B", "360.001", "SR001", "", "tfm_location_form" },
	{ "+a=360.001-sr001", "tfm", "a", "360.001", "sr001", "", "tfm_small_letters" },
	{ "++B106=3600.014:SQZ0023%SQZ", "ns", "B106", "3600.014", "SQZ0023", "SQZ",
	  "tfm_type_form" },
	{ "++B106=360.014:SQZ0023", "ns", "B106", "360.014", "SQZ0023", "", "tfm_system_form" },
	{ "Pumpe i kjelleren", "none", "", "Pumpe i kjelleren", "", "", "tfm_unknown" },
	{ "", "none", "", "", "", "", "tfm_unknown" },
	{ "+", "none", "", "", "", "", "tfm_unknown" },
	{ "++", "ns", "", "", "", "", "tfm_system_missing" },
	{ "+=-%", "none", "", "", "", "", "tfm_unknown" },
	{ "+A=:-:", "none", "A", ":", ":", "", "tfm_unknown" },
};

static void assert_part(const char *text, struct str part, const char *want)
{
	if (!str_equals(part, str_of(want)))
		fail_msg("«%s»: «%.*s», not «%s»", text, STR_ARG(part), want);
}

static void reads_every_variant(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		const struct vector *v = &vectors[i];
		struct tfm t = tfm_parse(v->text);

		if (strcmp(tfm_variant_name(t.variant), v->variant) != 0)
			fail_msg("«%s» is %s, not %s", v->text, tfm_variant_name(t.variant),
				 v->variant);
		assert_part(v->text, t.location, v->location);
		assert_part(v->text, t.system, v->system);
		assert_part(v->text, t.component, v->component);
		assert_part(v->text, t.type, v->type);
		assert_part(v->text, str_of(t.hint), v->hint ? v->hint : "");
	}
}

static void tells_a_system_of_another_part(void **state)
{
	struct tfm t = tfm_parse("+A=360.001-SR001"), none = tfm_parse("Pumpe");

	(void)state;
	assert_true(tfm_fits_element(&t, "365"));
	assert_true(tfm_fits_element(&t, "36"));
	assert_false(tfm_fits_element(&t, "325"));
	assert_true(tfm_fits_element(&t, "3"));
	assert_true(tfm_fits_element(&t, NULL));
	assert_true(tfm_fits_element(&none, "325"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_every_variant),
		cmocka_unit_test(tells_a_system_of_another_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
