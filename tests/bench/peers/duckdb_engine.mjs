// DuckDB. Its package has asynchronous calls only; rows are read by columns, which is its faster way.

export async function open({ DuckDBInstance }, path, threads) {
  const instance = await DuckDBInstance.create(path, { threads: String(threads) });
  const connection = await instance.connect();

  const columnsOf = async (statement, parameters) => {
    statement.bind(parameters);
    return (await statement.runAndReadAll()).getColumnsJS();
  };
  return {
    async run(statement) {
      await connection.run(statement);
    },
    async prepare(text) {
      const statement = await connection.prepare(text);
      return {
        call: (parameters) => columnsOf(statement, parameters),
        async rows(parameters) {
          const columns = await columnsOf(statement, parameters);
          return (columns[0] ?? []).map((_, row) => columns.map((column) => column[row]));
        },
      };
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
