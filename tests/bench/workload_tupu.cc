#include <filesystem>
#include <optional>

#include <fmt/format.h>

#include <tupu/tupu.h>

#include "tests/bench/workload_engine.h"

namespace tupu {
namespace {

class TupuEngine : public InProcessEngine {
 public:
  explicit TupuEngine(Database database) : database_(std::move(database)), session_(database_.OpenSession()) {}
  const std::string& name() const override { return name_; }

 protected:
  Status Start(const WorkloadQuery& query) override {
    text_ = *query.FindText(name_);
    number_at_ = text_.find("{N}");
    if (number_at_ != std::string::npos) text_.erase(number_at_, 3);
    prepare_ = query.prepare;
    options_.parameters.clear();
    input_ = nullptr;
    if (prepare_) return {};
    TUPU_TRY_ASSIGN(PreparedQuery prepared, session_.Prepare(text_));
    prepared_ = std::move(prepared);
    wanted_ = prepared_->parameters();
    return {};
  }

  Status Call(const Map& input, WorkloadAnswer* answer) override {
    if (prepare_) return Prepare(answer);
    if (input_ != &input) Bind(input);
    TUPU_TRY_ASSIGN(QueryResult result, session_.Run(*prepared_, options_));
    for (;;) {
      TUPU_TRY_ASSIGN(const Row* row, result.Next());
      if (row == nullptr) return {};
      if (answer == nullptr) continue;
      for (const Value& value : *row) answer->Add(value);
      answer->EndRow();
    }
  }

 private:
  /// Only what the text asks for, as a program would give.
  void Bind(const Map& input) {
    options_.parameters.clear();
    for (const std::string& wanted : wanted_) options_.parameters[wanted] = input.at(wanted);
    input_ = &input;
  }

  Status Prepare(WorkloadAnswer* answer) {
    std::string text = text_;
    if (number_at_ != std::string::npos) text.insert(number_at_, fmt::format_int(++prepared_texts_).c_str());
    TUPU_TRY_ASSIGN(const PreparedQuery prepared, session_.Prepare(text));
    if (answer == nullptr) return {};
    answer->Add(static_cast<int64_t>(prepared.columns().size()));
    answer->EndRow();
    return {};
  }

  const std::string name_ = "tupu";
  Database database_;
  Session session_;
  std::string text_;
  size_t number_at_ = std::string::npos;
  size_t prepared_texts_ = 0;
  bool prepare_ = false;
  std::optional<PreparedQuery> prepared_;
  std::vector<std::string> wanted_;
  QueryOptions options_;
  const Map* input_ = nullptr;  // that options_ hold
};

}  // namespace

std::unique_ptr<WorkloadEngine> MakeTupuEngine(Database database) {
  return std::make_unique<TupuEngine>(std::move(database));
}

Status LoadTupu(Database& database, const std::vector<std::string>& load, const std::string& folder) {
  TUPU_TRY(database.Load({folder}));
  Session session = database.OpenSession();
  for (const std::string& statement : load) TUPU_TRY(session.Run(statement));
  return {};
}

Result<std::unique_ptr<WorkloadEngine>> OpenTupuEngine(const std::string& directory,
                                                       const std::vector<std::string>& load,
                                                       const std::string& folder) {
  if (!std::filesystem::exists(directory)) {
    const std::string unfinished = directory + ".part";
    std::filesystem::remove_all(unfinished);
    {
      TUPU_TRY_ASSIGN(Database database, Database::Open(unfinished));
      TUPU_TRY(LoadTupu(database, load, folder));
    }
    std::filesystem::rename(unfinished, directory);
  }
  DatabaseOptions options;
  options.create_if_missing = false;
  TUPU_TRY_ASSIGN(Database database, Database::Open(directory, options));
  return MakeTupuEngine(std::move(database));
}

}  // namespace tupu
