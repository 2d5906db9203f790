#include "engine/verbs/detail.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace tupu {

namespace {

constexpr std::array<std::string_view, 2> kTellingKeys = {"about", "role"};
constexpr std::array<std::string_view, 6> kBookkeeping = {"sources",   "confidence", "support",
                                                          "stated_as", "note",       "notes"};

void Append(std::string& text, const std::string& more) {
  if (more.empty()) return;
  if (!text.empty()) text += "; ";
  text += more;
}

}  // namespace

std::string PlainText(const Value& value) {
  if (value.type() == ValueType::kString) return value.AsString();
  if (value.type() != ValueType::kList) return value.ToString();
  std::string text;
  for (const Value& item : value.AsList()) Append(text, PlainText(item));
  return text;
}

std::string DetailOf(const Edge& edge) {
  std::string text;
  for (const std::string_view key : kTellingKeys) {
    if (const auto found = edge.properties.find(key); found != edge.properties.end())
      Append(text, PlainText(found->second));
  }
  if (!text.empty()) return text;
  for (const auto& [key, value] : edge.properties) {
    if (std::find(kBookkeeping.begin(), kBookkeeping.end(), key) == kBookkeeping.end())
      Append(text, key + ": " + PlainText(value));
  }
  return text;
}

}  // namespace tupu
