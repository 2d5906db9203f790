CREATE (:V {i: 0})-[:E {w: 1}]->(:V {i: 1})-[:E {w: 2}]->(:V {i: 2})-[:E {w: 3}]->(:V {i: 3})-[:E {w: 4}]->(:V {i: 4});
MATCH (a:V {i: 0}), (b:V {i: 4}) CREATE (a)-[:SHORTCUT {w: 9}]->(b)
