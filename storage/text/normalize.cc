#include "storage/text/normalize.h"

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/utf8.h>

#include "storage/base/check.h"

namespace tupu {

namespace {

/// True if every character is ASCII or a unified ideograph (U+4E00 to U+9FFF): those have no other form, no case, and
/// compose with nothing.
bool IsPlain(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      ++i;
      continue;
    }
    if (i + 3 > text.size()) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]);
    const auto third = static_cast<unsigned char>(text[i + 2]);
    if (byte < 0xe4 || byte > 0xe9 || (byte == 0xe4 && second < 0xb8) || second >> 6 != 2 || third >> 6 != 2)
      return false;
    i += 3;
  }
  return true;
}

/// Outer blanks off, inner runs to one space.
class BlankFolder {
 public:
  void Blank() { pending_ = !out_.empty(); }
  std::string& ForVisible() {
    if (pending_) out_.push_back(' ');
    pending_ = false;
    return out_;
  }
  std::string Take() { return std::move(out_); }

 private:
  std::string out_;
  bool pending_ = false;
};

bool IsAsciiBlank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Requires: IsPlain.
std::string NormalizePlain(std::string_view name) {
  // As BlankFolder; a byte for each at most.
  std::string out(name.size(), '\0');
  char* at = out.data();
  bool pending = false;
  for (const char c : name) {
    if (IsAsciiBlank(c)) {
      pending = at != out.data();
      continue;
    }
    if (pending) *at++ = ' ';
    pending = false;
    *at++ = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  }
  out.resize(static_cast<size_t>(at - out.data()));
  return out;
}

void AppendUtf8(std::string& out, UChar32 c) {
  char bytes[U8_MAX_LENGTH];
  int32_t size = 0;
  U8_APPEND_UNSAFE(bytes, size, c);
  out.append(bytes, static_cast<size_t>(size));
}

/// NFKC with case folding, closed under both; without NFKC_Casefold's dropping of default ignorables (a zero-width
/// joiner tells names apart in some scripts), so it is done in steps: NFKC, fold, NFKC again.
icu::UnicodeString Fold(const icu::UnicodeString& text) {
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* nfkc = icu::Normalizer2::getNFKCInstance(status);
  TUPU_CHECK(U_SUCCESS(status));  // ICU's data is linked in
  icu::UnicodeString folded = nfkc->normalize(text, status);
  folded.foldCase(U_FOLD_CASE_DEFAULT);
  folded = nfkc->normalize(folded, status);
  TUPU_CHECK(U_SUCCESS(status));
  return folded;
}

}  // namespace

std::string NormalizeName(std::string_view name) {
  if (IsPlain(name)) return NormalizePlain(name);
  const icu::UnicodeString folded =
      Fold(icu::UnicodeString::fromUTF8(icu::StringPiece(name.data(), static_cast<int32_t>(name.size()))));
  BlankFolder folder;
  for (int32_t i = 0; i < folded.length(); i = folded.moveIndex32(i, 1)) {
    const UChar32 c = folded.char32At(i);
    if (u_isUWhiteSpace(c)) {
      folder.Blank();
    } else {
      AppendUtf8(folder.ForVisible(), c);
    }
  }
  return folder.Take();
}

int DisplayWidth(std::string_view text) {
  int width = 0;
  const auto length = static_cast<int32_t>(text.size());
  for (int32_t i = 0; i < length;) {
    UChar32 c = 0;
    U8_NEXT_OR_FFFD(reinterpret_cast<const uint8_t*>(text.data()), i, length, c);
    const int category = u_charType(c);
    if (category == U_NON_SPACING_MARK || category == U_ENCLOSING_MARK || category == U_FORMAT_CHAR ||
        category == U_CONTROL_CHAR) {
      continue;
    }
    const int east_asian = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
    width += east_asian == U_EA_WIDE || east_asian == U_EA_FULLWIDTH ? 2 : 1;
  }
  return width;
}

}  // namespace tupu
