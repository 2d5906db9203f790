CREATE (ada:Person {name: 'Ada', age: 36}), (bo:Person {name: 'Bo', age: 41}), (cy:Person {name: 'Cy', age: 29}),
       (acme:Firm {name: 'Acme', aliases: ['ACME Corp', 'Acme Ltd']}), (beta:Firm {name: 'Beta'}),
       (ada)-[:WORKS_AT {since: 2010}]->(acme), (bo)-[:WORKS_AT {since: 2015}]->(acme),
       (cy)-[:WORKS_AT {since: 2019}]->(beta), (ada)-[:KNOWS]->(bo), (bo)-[:KNOWS]->(cy),
       (acme)-[:SUPPLIES {share: 0.5}]->(beta), (acme)-[:SUPPLIES {share: 0.25}]->(beta),
       (beta)-[:SUPPLIES {share: 1.0}]->(beta)
