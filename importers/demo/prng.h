/*
 * The demo's random numbers: SplitMix64 (Steele, Lea and Flood 2014; the constants of Vigna's
 * public-domain text of it). Each thing draws from a stream of its own, found by seed, kind and
 * number, so that one more draw for a building changes nothing about the next one. Not for secrets.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct prng {
	uint64_t state;
};

/* The stream of thing `index` of kind `stream` under `seed`. */
struct prng prng_of(uint64_t seed, uint32_t stream, uint64_t index);

/* The next 64 random bits. */
uint64_t prng_next(struct prng *p);

/* 0 .. n-1; n must be above 0. */
int prng_below(struct prng *p, int n);

/* low .. high, both included. */
int prng_range(struct prng *p, int low, int high);

/* True in `percent` of 100 draws. */
bool prng_chance(struct prng *p, int percent);

/* low .. high as a real number. */
double prng_real(struct prng *p, double low, double high);

/* An index 0 .. n-1 drawn by weight; the weights' sum must be above 0. */
int prng_weighted(struct prng *p, const int *weights, int n);
