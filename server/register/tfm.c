#include "register/tfm.h"

static bool is_letter(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Forms are written with 9 for a digit, A for a letter and * for letters and digits, at least one;
 * the rest stands for itself. */
static bool has_form(struct str text, const char *form)
{
	size_t at = 0;

	for (; *form; form++) {
		if (*form == '*') {
			size_t first = at;

			while (at < text.length &&
			       (is_letter(text.at[at]) || is_digit(text.at[at])))
				at++;
			if (at == first)
				return false;
			continue;
		}
		if (at == text.length)
			return false;
		if (*form == '9'   ? !is_digit(text.at[at])
		    : *form == 'A' ? !is_letter(text.at[at])
				   : text.at[at] != *form)
			return false;
		at++;
	}
	return at == text.length;
}

static bool has_one_of(struct str text, const char *const *forms)
{
	for (; *forms; forms++)
		if (has_form(text, *forms))
			return true;
	return false;
}

static const char *const locations[] = { "*", NULL };
static const char *const locations_nmbu[] = { "*.*", NULL };
static const char *const systems[] = { "999.999", NULL };
static const char *const systems_2[] = { "999.999:99", NULL };
static const char *const systems_itb[] = { "999.A999", "999.AA999", "999.AAA999", NULL };
static const char *const systems_ns[] = { "9999.999", NULL };
static const char *const components[] = { "AA999", NULL };
static const char *const components_2[] = { "AA999A", "AA999/999", "AA999A/999", NULL };
static const char *const components_ns[] = { "AAA9999", NULL };
static const char *const types_ns[] = { "AAA.999", "AAA.999:99", NULL };

static struct str trimmed(const char *text)
{
	struct str t = str_of(text);

	while (t.length && is_space(t.at[0])) {
		t.at++;
		t.length--;
	}
	while (t.length && is_space(t.at[t.length - 1]))
		t.length--;
	return t;
}

/* Where the system ends: at «-», at «%», or at a «:» that a letter follows (NS 3457-7). */
static size_t system_end(struct str text)
{
	size_t at = 0;

	for (; at < text.length; at++) {
		bool is_colon =
			text.at[at] == ':' && at + 1 < text.length && is_letter(text.at[at + 1]);

		if (text.at[at] == '-' || text.at[at] == '%' || is_colon)
			break;
	}
	return at;
}

static struct str rest_from(struct str text, size_t at)
{
	return at < text.length ? (struct str){ text.at + at, text.length - at }
				: (struct str){ NULL, 0 };
}

/* Cuts the text at its marks, whatever stands between them. */
static void cut(struct str text, struct tfm *t, bool *is_ns)
{
	struct str system;

	*is_ns = text.length > 1 && text.at[0] == '+' && text.at[1] == '+';
	if (text.length && text.at[0] == '+') {
		text = rest_from(text, *is_ns ? 2 : 1);
		t->location = str_cut(&text, '=');
	} else if (text.length && text.at[0] == '=') {
		text = rest_from(text, 1);
	}
	if (!text.length)
		return;
	system = (struct str){ text.at, system_end(text) };
	text = rest_from(text, system.length);
	t->system = system;
	if (text.length && text.at[0] != '%') {
		text = rest_from(text, 1);
		t->component = str_cut(&text, '%');
	} else {
		text = rest_from(text, 1);
	}
	t->type = text;
}

static enum tfm_variant variant_of(const struct tfm *t, bool is_ns)
{
	if (is_ns || t->type.length || has_one_of(t->system, systems_ns) ||
	    has_one_of(t->component, components_ns))
		return TFM_NS;
	if (has_one_of(t->system, systems_itb))
		return TFM_ITB;
	if (has_one_of(t->location, locations_nmbu))
		return TFM_NMBU;
	if (has_one_of(t->system, systems_2) || has_one_of(t->component, components_2))
		return TFM_2;
	if (has_one_of(t->system, systems) || has_one_of(t->component, components))
		return TFM_1;
	return TFM_NONE;
}

static bool is_system(const struct tfm *t)
{
	switch (t->variant) {
	case TFM_NS:
		return has_one_of(t->system, systems_ns);
	case TFM_ITB:
		return has_one_of(t->system, systems_itb);
	case TFM_2:
		return has_one_of(t->system, systems_2) || has_one_of(t->system, systems);
	default:
		return has_one_of(t->system, systems);
	}
}

static bool is_component(const struct tfm *t)
{
	switch (t->variant) {
	case TFM_NS:
		return has_one_of(t->component, components_ns);
	case TFM_2:
	case TFM_ITB:
		return has_one_of(t->component, components) ||
		       has_one_of(t->component, components_2);
	default:
		return has_one_of(t->component, components);
	}
}

static bool has_small_letter(struct str text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.at[i] >= 'a' && text.at[i] <= 'z')
			return true;
	return false;
}

static const char *hint_of(const struct tfm *t, struct str text)
{
	if (t->variant == TFM_NONE)
		return "tfm_unknown";
	if (!t->system.length)
		return "tfm_system_missing";
	if (!is_system(t))
		return "tfm_system_form";
	if (!t->location.length)
		return "tfm_location_missing";
	if (!has_one_of(t->location, t->variant == TFM_NMBU ? locations_nmbu : locations))
		return "tfm_location_form";
	if (!t->component.length)
		return "tfm_component_missing";
	if (!is_component(t))
		return "tfm_component_form";
	if (t->type.length && !has_one_of(t->type, types_ns))
		return "tfm_type_form";
	return has_small_letter(text) ? "tfm_small_letters" : NULL;
}

struct tfm tfm_parse(const char *text)
{
	struct str all = trimmed(text);
	struct tfm t = { 0 };
	bool is_ns;

	cut(all, &t, &is_ns);
	/* «-SR001» or «SR001» alone is the component. */
	if (!t.location.length && !t.component.length &&
	    (has_one_of(t.system, components) || has_one_of(t.system, components_2) ||
	     has_one_of(t.system, components_ns))) {
		t.component = t.system;
		t.system = (struct str){ NULL, 0 };
	}
	t.variant = variant_of(&t, is_ns);
	t.hint = hint_of(&t, all);
	return t;
}

const char *tfm_variant_name(enum tfm_variant variant)
{
	static const char *const names[] = {
		[TFM_NONE] = "none", [TFM_1] = "tfm",   [TFM_2] = "tfm2",
		[TFM_NS] = "ns",     [TFM_ITB] = "itb", [TFM_NMBU] = "nmbu",
	};

	return names[variant];
}

bool tfm_fits_element(const struct tfm *t, const char *element)
{
	if (!element || !element[0] || !element[1] || t->variant == TFM_NONE ||
	    t->system.length < 2)
		return true;
	return t->system.at[0] == element[0] && t->system.at[1] == element[1];
}
