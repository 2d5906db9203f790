// Kuzu and LadybugDB, whose npm packages have the same interface. Calls are synchronous: that is their faster way.

export async function open(packageOfPeer, path, threads) {
  const { Database, Connection } = packageOfPeer;
  const database = new Database(path);
  const connection = new Connection(database, threads);
  await connection.init();

  const rowsOf = (result) => {
    const names = result.getColumnNamesSync();
    return result.getAllSync().map((row) => names.map((name) => row[name]));
  };
  return {
    run(statement) {
      for (const result of [connection.querySync(statement)].flat()) result.close();
    },
    prepare(text) {
      const statement = connection.prepareSync(text);
      if (!statement.isSuccess()) throw new Error(statement.getErrorMessage());
      return {
        call(parameters) {
          const result = connection.executeSync(statement, parameters);
          const rows = result.getAllSync();
          result.close();
          return rows;
        },
        rows(parameters) {
          const result = connection.executeSync(statement, parameters);
          const rows = rowsOf(result);
          result.close();
          return rows;
        },
      };
    },
    async close() {
      await connection.close();
      await database.close();
    },
  };
}
