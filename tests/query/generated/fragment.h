#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tupu {

/// A piece of a query's text that knows which of its parts it could do without, so that a failing query can be made short
/// without being parsed. Text is `before`, the parts with `between` between them, `after`; without parts nothing at all,
/// unless `stays`.
struct Fragment {
  std::string before;
  std::vector<Fragment> parts;
  std::string between;
  std::string after;
  bool stays = false;
  bool removable = false;    // what is around it stands without it
  bool replaceable = false;  // each of its parts could stand in its place

  Fragment() = default;
  Fragment(std::string text) : before(std::move(text)), stays(true) {}  // a leaf
  Fragment(const char* text) : Fragment(std::string(text)) {}

  std::string Text() const {
    if (parts.empty() && !stays) return {};
    std::string text = before;
    bool first = true;
    for (const Fragment& part : parts) {
      const std::string inner = part.Text();
      if (inner.empty()) continue;
      if (!first) text += between;
      first = false;
      text += inner;
    }
    // A list whose parts have all vanished is no list.
    if (first && !stays) return {};
    return text + after;
  }
};

/// `before` part `between` part ... `after`; vanishes with its last part.
inline Fragment ListOf(std::string before, std::vector<Fragment> parts, std::string between, std::string after = "") {
  Fragment fragment;
  fragment.before = std::move(before);
  fragment.parts = std::move(parts);
  fragment.between = std::move(between);
  fragment.after = std::move(after);
  return fragment;
}

inline Fragment Removable(Fragment fragment) {
  fragment.removable = true;
  return fragment;
}

/// A compound expression that any of its parts could replace.
inline Fragment Replaceable(Fragment fragment) {
  fragment.replaceable = true;
  return fragment;
}

/// Every fragment below `root` that is one step smaller, until `accept` takes one, which `root` then becomes. False: none.
inline bool MakeSmaller(Fragment& root, const std::function<bool()>& accept) {
  std::vector<Fragment>& parts = root.parts;
  for (size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].removable) {
      const Fragment removed = std::move(parts[i]);
      parts.erase(parts.begin() + static_cast<std::ptrdiff_t>(i));
      if (accept()) return true;
      parts.insert(parts.begin() + static_cast<std::ptrdiff_t>(i), removed);
    }
    for (size_t j = 0; parts[i].replaceable && j < parts[i].parts.size(); ++j) {
      const Fragment whole = parts[i];
      Fragment part = whole.parts[j];
      part.removable = whole.removable;
      parts[i] = std::move(part);
      if (accept()) return true;
      parts[i] = whole;
    }
    if (MakeSmaller(parts[i], accept)) return true;
  }
  return false;
}

}  // namespace tupu
