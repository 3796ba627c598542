/* Gives the files of the archive that standard input is to the parent (unpack_pipe.h). */
#pragma once

/* The exit status. */
int reader_unpack(void);
