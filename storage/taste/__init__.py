"""The reader's taste, learned from stars and typed interests; independent of files, network and screen.

`terms` turns a paper into numbers once, `corpus` counts frequencies, `pool` holds the papers that can be ranked,
`profile` learns, and `reasons` scores and explains. `related`, `catch_up` and `topics` use the same terms.

Every weight and value is a multiple of a power of two, large enough that their products and sums are exact in a double.
So a paper's reasons sum to its score to the last bit, and the order of summation can't change a rank.
"""
