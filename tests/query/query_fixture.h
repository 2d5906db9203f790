#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "query/procedure/procedure.h"
#include "query/query.h"
#include "storage/graph/graph_store.h"

namespace tupu {

/// A store, in memory unless a test brings another, on which queries run one after another, each committed.
class QueryFixture {
 public:
  using Rows = std::vector<std::vector<Value>>;

  static std::unique_ptr<QueryFixture> Open();
  static std::unique_ptr<QueryFixture> OpenOn(Result<std::unique_ptr<GraphStore>> store);

  /// All rows. `plan` receives the plan's text, if it is not null.
  Result<Rows> Run(std::string_view text, const ExecutionOptions& options = {}, std::string* plan = nullptr);
  /// Stops the test program when a query fails: for set-up.
  void MustRun(std::string_view text);

  GraphStore& store() { return *store_; }
  ProcedureRegistry& procedures() { return procedures_; }

 private:
  std::unique_ptr<GraphStore> store_;
  ProcedureRegistry procedures_;
};

}  // namespace tupu
