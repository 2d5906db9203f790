// tupu in five statements. Run in memory, nothing stays behind:
//   tupu query -d :memory: -f examples/quickstart/quickstart.cypher

// Vertices and typed edges; MERGE makes what is not there yet.
CREATE (a:Firm {name: '甲公司', aliases: ['Alpha Ltd']}), (b:Firm {name: '乙公司'}), (c:Firm {name: '丙公司'}),
       (center:ComputingCenter {name: '计算中心'})
CREATE (a)-[:PARTNERS_WITH {about: '数字孪生'}]->(b),
       (b)-[:CO_BUILDS]->(center), (c)-[:CO_BUILDS]->(center),
       (a)-[:ACQUIRED {valid_from: '2021-03'}]->(c);

// Who partners with whom, and about what?
MATCH (x:Firm)-[r:PARTNERS_WITH]-(y:Firm)
RETURN x.name AS firm, y.name AS partner, r.about AS about
ORDER BY firm;

// Who builds the same thing together?
MATCH (x:Firm)-[:CO_BUILDS]->(thing)<-[:CO_BUILDS]-(y:Firm)
WHERE x.name < y.name
RETURN x.name AS firm, y.name AS partner, thing.name AS via;

// How are two firms connected, whatever the relation?
MATCH p = shortestPath((x {name: '甲公司'})-[*..6]-(y {name: '计算中心'}))
RETURN [n IN nodes(p) | n.name] AS way, length(p) AS steps;

// Who is central?
CALL tupu.betweenness({labels: ['Firm', 'ComputingCenter'], orientation: 'UNDIRECTED'}) YIELD node, score
RETURN node.name AS name, score ORDER BY score DESC, name;
