"""The reader's taste, learned from stars and typed interests; independent of files, network and screen.

`terms` turns a paper into numbers once, `corpus` counts what is usual, `pool` holds the papers that can be ranked,
`profile` learns, `ranking` scores and `reasons` says why. `related`, `catch_up` and `topics` stand on the same terms.

Every weight and value is a multiple of a power of two, large enough that products and sums of them are exact in a
double. So the reasons of a paper sum to its score to the last bit, and no order of summing can change a rank.
"""
