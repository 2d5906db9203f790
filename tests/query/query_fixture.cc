#include "query/query_fixture.h"

#include <cstdlib>
#include <iostream>

#include "query/schema/schema_command.h"

namespace tupu {

std::unique_ptr<QueryFixture> QueryFixture::Open() {
  return OpenOn(GraphStore::OpenInMemory());
}

std::unique_ptr<QueryFixture> QueryFixture::OpenOn(Result<std::unique_ptr<GraphStore>> store) {
  auto fixture = std::make_unique<QueryFixture>();
  if (!store) {
    std::cerr << store.error().message << '\n';
    std::abort();
  }
  fixture->store_ = std::move(*store);
  return fixture;
}

Result<QueryFixture::Rows> QueryFixture::Run(std::string_view text, const ExecutionOptions& options,
                                             std::string* plan) {
  TUPU_TRY_ASSIGN(const std::shared_ptr<const GraphView> snapshot, store_->Snapshot());
  TUPU_TRY_ASSIGN(const std::shared_ptr<const CompiledQuery> query, CompileQuery(text, *snapshot, procedures_));
  if (plan != nullptr) *plan = query->Explain();
  if (query->schema_command() != nullptr) {
    TUPU_TRY(RunSchemaCommand(*query->schema_command(), *store_, {}));
    return Rows();
  }
  std::unique_ptr<GraphTransaction> transaction;
  if (query->writes()) {
    TUPU_TRY_ASSIGN(transaction, store_->BeginWrite());
  }
  const GraphView& view = transaction ? transaction->view() : *snapshot;
  TUPU_TRY_ASSIGN(const std::unique_ptr<QueryCursor> cursor, ExecuteQuery(*query, view, transaction.get(), options));
  TUPU_TRY_ASSIGN(Rows rows, cursor->All());
  if (transaction) TUPU_TRY(transaction->Commit());
  return rows;
}

void QueryFixture::MustRun(std::string_view text) {
  const auto rows = Run(text);
  if (rows) return;
  std::cerr << text << ": " << rows.error().message << '\n';
  std::abort();
}

}  // namespace tupu
