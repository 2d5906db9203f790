// Runs the cases under tests/query/cases; their form is described in cases/README.md.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <tupu/value_json.h>

#include "query/binder/binder.h"
#include "query/interpreter/interpreter.h"
#include "query/parser/parser.h"
#include "query/query_fixture.h"

namespace tupu {
namespace {

const std::string kCases = TUPU_SOURCE_DIR "/tests/query/cases/";

struct Directive {
  std::string name;
  std::string text;
  size_t line = 0;
};

std::string Trimmed(std::string text) {
  text.erase(0, text.find_first_not_of(" \t"));
  text.erase(text.find_last_not_of(" \t\r") + 1);
  return text;
}

std::vector<Directive> ReadDirectives(const std::string& path) {
  std::ifstream file(path);
  std::vector<Directive> directives;
  std::string line;
  for (size_t number = 1; std::getline(file, line); ++number) {
    if (Trimmed(line).empty() || line[0] == '#') continue;
    if (line[0] == ' ' && !directives.empty()) {
      directives.back().text += "\n" + line;
      continue;
    }
    const size_t blank = std::min(line.find(' '), line.size());
    directives.push_back({line.substr(0, blank), Trimmed(line.substr(blank)), number});
  }
  return directives;
}

std::vector<std::string> SplitAt(const std::string& text, const std::string& separator) {
  std::vector<std::string> parts;
  size_t begin = 0;
  for (size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(text.substr(begin));
  return parts;
}

std::string RowText(const std::vector<Value>& row) {
  std::string text;
  for (const Value& cell : row) {
    if (!text.empty()) text += ", ";
    text += cell.type() == ValueType::kString ? cell.AsString() : cell.ToString();
  }
  return text;
}

class CaseRunner {
 public:
  void Run(const std::string& path) {
    for (const Directive& directive : ReadDirectives(path)) {
      SCOPED_TRACE(fmt::format("{}:{}: {} {}", path, directive.line, directive.name, directive.text));
      // An error that no `error` line took up belongs to the query before.
      const bool begins = directive.name == "query" || directive.name == "graph";
      if (begins && unexpected_) ADD_FAILURE() << "the query before failed: " << *unexpected_;
      if (begins) unexpected_.reset();
      Step(directive);
    }
    if (unexpected_) ADD_FAILURE() << "the last query failed: " << *unexpected_;
  }

 private:
  void Step(const Directive& directive) {
    if (directive.name == "graph") return OpenGraph(directive.text);
    if (directive.name == "param") return AddParameter(directive.text);
    if (directive.name == "query") return RunQuery(directive.text);
    ASSERT_TRUE(result_.has_value()) << "no query before it";
    if (directive.name == "plan") {
      EXPECT_NE(plan_.find(directive.text), std::string::npos) << plan_;
    } else if (directive.name == "rows" || directive.name == "bag") {
      CheckRows(directive.text, directive.name == "bag");
    } else if (directive.name == "error") {
      CheckError(directive.text);
    } else {
      FAIL() << "unknown directive";
    }
  }

  void OpenGraph(const std::string& name) {
    fixture_ = QueryFixture::Open();
    std::ifstream file(kCases + "graphs/" + name + ".cypher");
    ASSERT_TRUE(file.good()) << "no such graph";
    std::stringstream text;
    text << file.rdbuf();
    for (const std::string& query : SplitAt(text.str(), ";"))
      if (query.find_first_not_of(" \n") != std::string::npos) fixture_->MustRun(query);
  }

  void AddParameter(const std::string& text) {
    const size_t equals = text.find('=');
    const auto value = ParseJson(text.substr(equals + 1));
    ASSERT_TRUE(value.has_value()) << value.error().message;
    parameters_.emplace(text.substr(0, equals), *value);
  }

  void RunQuery(const std::string& text) {
    ASSERT_TRUE(fixture_) << "no graph before it";
    ExecutionOptions options;
    options.parameters = &parameters_;
    interpreted_ = Interpret(text);
    result_.emplace(fixture_->Run(text, options, &plan_));
    parameters_.clear();
    if (!result_->has_value()) unexpected_ = result_->error().message;
  }

  /// By the interpreter, if the statement only reads and the graph is small enough for it.
  std::optional<std::vector<std::string>> Interpret(const std::string& text) {
    const auto view = fixture_->store().Snapshot();
    const auto ast = Parse(text);
    if (!ast || (*view)->CountVertices(std::nullopt) > 100) return std::nullopt;
    const auto bound = Bind(*ast, fixture_->procedures());
    if (!bound || bound->writes || bound->mode != BoundQuery::Mode::kRun) return std::nullopt;
    auto interpreter = Interpreter::On(**view, parameters_, 10'000);
    const auto rows = interpreter->Run(*bound);
    if (!rows) return std::nullopt;
    std::vector<std::string> texts;
    for (const auto& row : *rows) texts.push_back(RowText(row));
    std::sort(texts.begin(), texts.end());
    return texts;
  }

  void CheckRows(const std::string& text, bool bag) {
    ASSERT_TRUE(result_->has_value()) << Name(result_->error().code) << ": " << result_->error().message;
    std::vector<std::string> have;
    for (const auto& row : **result_) have.push_back(RowText(row));
    std::vector<std::string> wanted;
    if (!text.empty()) wanted = SplitAt(text, " | ");
    if (bag) {
      std::sort(have.begin(), have.end());
      std::sort(wanted.begin(), wanted.end());
    }
    EXPECT_EQ(have, wanted) << plan_;
    std::sort(wanted.begin(), wanted.end());
    if (interpreted_) {
      EXPECT_EQ(*interpreted_, wanted) << "by the interpreter";
    }
  }

  void CheckError(const std::string& text) {
    ASSERT_FALSE(result_->has_value()) << "no error";
    const Error& error = result_->error();
    std::istringstream parts(text);
    std::string part;
    parts >> part;
    EXPECT_EQ(Name(error.code), part) << error.message;
    while (parts >> part) {
      if (std::isdigit(static_cast<unsigned char>(part[0])) != 0) {
        ASSERT_TRUE(error.where.has_value());
        EXPECT_EQ(fmt::format("{}:{}", error.where->line, error.where->column), part) << error.message;
      } else {
        EXPECT_EQ(error.condition, part) << error.message;
      }
    }
    unexpected_.reset();
  }

  std::unique_ptr<QueryFixture> fixture_;
  Map parameters_;
  std::optional<Result<QueryFixture::Rows>> result_;
  std::optional<std::vector<std::string>> interpreted_;
  std::optional<std::string> unexpected_;
  std::string plan_;
};

std::vector<std::string> CaseNames() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kCases))
    if (entry.path().extension() == ".case") names.push_back(entry.path().stem().string());
  std::sort(names.begin(), names.end());
  return names;
}

class QueryCases : public testing::TestWithParam<std::string> {};

TEST_P(QueryCases, GiveTheirRows) {
  CaseRunner().Run(kCases + GetParam() + ".case");
}

INSTANTIATE_TEST_SUITE_P(Case, QueryCases, testing::ValuesIn(CaseNames()), [](const auto& each) { return each.param; });

}  // namespace
}  // namespace tupu
