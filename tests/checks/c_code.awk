# Prints each line of C with comments and the insides of strings blanked, as FILE:LINE:CODE, so that
# a word in a sentence is not taken for a call. Knows no raw strings and no trigraphs: C has none.
FNR == 1 { inside = 0 }
{
	line = $0
	out = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (inside) {
			if (two == "*/") {
				inside = 0
				i++
			}
		} else if (two == "/*") {
			inside = 1
			i++
		} else if (two == "//") {
			break
		} else if (c == "\"" || c == "'") {
			out = out c
			for (i++; i <= length(line) && substr(line, i, 1) != c; i++)
				if (substr(line, i, 1) == "\\")
					i++
			out = out c
		} else {
			out = out c
		}
	}
	print FILENAME ":" FNR ":" out
}
