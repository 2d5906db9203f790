#include <algorithm>
#include <cctype>
#include <set>

#include "engine/cli/shell.h"
#include "engine/database/engine_access.h"
#include "query/lexer/keyword.h"
#include "storage/catalog/catalog.h"
#include "storage/graph/graph_store.h"

namespace tupu {

namespace {

std::string Upper(std::string_view text) {
  std::string upper(text);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return upper;
}

template <class Id>
void AddNames(const NameTable<Id>& table, std::string_view word, std::set<std::string>& words) {
  for (size_t i = 0; i < table.size(); ++i) {
    const std::string_view name = table.GetName(static_cast<Id>(i));
    if (Upper(name).starts_with(Upper(word))) words.emplace(name);
  }
}

void AddKeywords(std::string_view word, std::set<std::string>& words) {
  const bool lower = std::any_of(word.begin(), word.end(), [](unsigned char c) { return std::islower(c) != 0; });
  for (const std::string_view keyword : KeywordNames()) {
    if (!keyword.starts_with(Upper(word))) continue;
    std::string shown(keyword);
    if (lower) {
      std::transform(shown.begin(), shown.end(), shown.begin(),
                     [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    }
    words.insert(std::move(shown));
  }
}

}  // namespace

Completer MakeCompleter(ShellDatabase& database) {
  return [&database](std::string_view before, std::string_view word) {
    const Catalog& catalog = EngineAccess::Store(database.current()).catalog();
    std::set<std::string> words;
    if (before == ":") {
      for (const std::string_view command : {"help", "param", "quit", "stats"})
        if (command.starts_with(word)) words.emplace(command);
    } else if (before.ends_with(':') || before.ends_with('|')) {
      AddNames(catalog.labels(), word, words);
      AddNames(catalog.edge_types(), word, words);
    } else if (before.ends_with('.')) {
      AddNames(catalog.property_keys(), word, words);
    } else if (!word.empty()) {
      AddKeywords(word, words);
      AddNames(catalog.property_keys(), word, words);
    }
    return std::vector<std::string>(words.begin(), words.end());
  };
}

}  // namespace tupu
