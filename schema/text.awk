# Makes a C string of a file that is to be in the program as it is: awk -v name=NAME -f text.awk FILE > NAME.gen.h
BEGIN {
	print "/* Made by schema/text.awk. */\n#pragma once\n\nstatic const char " name "[] ="
}
{
	gsub(/\\/, "\\\\")
	gsub(/"/, "\\\"")
	print "\t\"" $0 "\\n\""
}
END {
	print "\t;"
}
