#include "engine/cli/line_editor.h"

#include <histedit.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cwchar>
#include <iostream>

#ifdef __SANITIZE_ADDRESS__
// libedit keeps the name and the help text of what EL_ADDFN adds when the editor goes. The sanitizer's library looks for this
// among the exported symbols of the program.
extern "C" [[gnu::visibility("default")]] const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  return "leak:wcsdup\n";
}
#endif

namespace tupu {

namespace {

volatile sig_atomic_t interrupted = 0;
extern "C" void OnPromptInterrupt(int) {
  interrupted = 1;
}

// At the prompt Ctrl-C drops the line; while a query runs it is another's to handle.
class PromptInterrupt {
 public:
  PromptInterrupt() {
    interrupted = 0;
    struct sigaction action = {};
    action.sa_handler = OnPromptInterrupt;  // without SA_RESTART: the read comes back
    ::sigaction(SIGINT, &action, &before_);
  }
  ~PromptInterrupt() { ::sigaction(SIGINT, &before_, nullptr); }
  PromptInterrupt(const PromptInterrupt&) = delete;
  PromptInterrupt& operator=(const PromptInterrupt&) = delete;

 private:
  struct sigaction before_;
};

// libedit's own reader swallows the first interrupted read; this one gives up the line.
int ReadLetter(EditLine*, wchar_t* letter) {
  std::mbstate_t state = {};
  while (true) {
    char byte = 0;
    const ssize_t count = ::read(STDIN_FILENO, &byte, 1);
    if (interrupted != 0) return -1;
    if (count < 0 && errno == EINTR) continue;  // a resized window
    if (count <= 0) return static_cast<int>(count);
    const size_t used = std::mbrtowc(letter, &byte, 1, &state);
    if (used == static_cast<size_t>(-2)) continue;  // more bytes of the letter follow
    if (used == static_cast<size_t>(-1)) {
      state = {};
      continue;  // not UTF-8: dropped
    }
    if (used == 0) *letter = L'\0';
    return 1;
  }
}

bool IsWordByte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         byte == '_';
}

std::string CommonStart(const std::vector<std::string>& words) {
  std::string start = words.front();
  for (const std::string& word : words) {
    const auto [left, right] = std::mismatch(start.begin(), start.end(), word.begin(), word.end());
    start.erase(left, start.end());
  }
  return start;
}

class TerminalEditor : public LineEditor {
 public:
  TerminalEditor(const std::string& history_file, Completer completer)
      : completer_(std::move(completer)), history_file_(history_file) {
    history_ = ::history_init();
    HistEvent event;
    ::history(history_, &event, H_SETSIZE, 2000);
    ::history(history_, &event, H_SETUNIQUE, 1);
    if (!history_file_.empty()) ::history(history_, &event, H_LOAD, history_file_.c_str());
    edit_ = ::el_init("tupu", stdin, stdout, stderr);
    ::el_set(edit_, EL_CLIENTDATA, this);
    ::el_set(edit_, EL_PROMPT, &TerminalEditor::Prompt);
    ::el_set(edit_, EL_EDITOR, "emacs");
    ::el_set(edit_, EL_SIGNAL, 0);
    ::el_set(edit_, EL_GETCFN, &ReadLetter);
    ::el_set(edit_, EL_HIST, ::history, history_);
    ::el_set(edit_, EL_ADDFN, "tupu-complete", "complete a word", &TerminalEditor::Complete);
    ::el_set(edit_, EL_BIND, "^I", "tupu-complete", nullptr);
    ::el_set(edit_, EL_BIND, "^R", "em-inc-search-prev", nullptr);
    ::el_source(edit_, nullptr);
  }

  ~TerminalEditor() override {
    ::el_end(edit_);
    ::history_end(history_);
  }

  LineEnd Read(const std::string& prompt, std::string& line) override {
    const PromptInterrupt guard;
    prompt_ = prompt;
    int count = 0;
    const char* text = ::el_gets(edit_, &count);
    if (interrupted != 0) {
      ::el_reset(edit_);
      std::fputs("^C\n", stdout);
      std::fflush(stdout);
      return LineEnd::kInterrupted;
    }
    if (text == nullptr || count <= 0) {
      std::fputs("\n", stdout);
      return LineEnd::kEndOfInput;
    }
    line.assign(text, static_cast<size_t>(count));
    while (!line.empty() && (line.back() == '\n' || line.back() == '\r')) line.pop_back();
    return LineEnd::kLine;
  }

  void AddToHistory(const std::string& entry) override {
    HistEvent event;
    ::history(history_, &event, H_ENTER, entry.c_str());
    if (!history_file_.empty()) ::history(history_, &event, H_SAVE, history_file_.c_str());
  }

 private:
  static TerminalEditor& Self(EditLine* edit) {
    void* self = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &self);
    return *static_cast<TerminalEditor*>(self);
  }

  static char* Prompt(EditLine* edit) { return Self(edit).prompt_.data(); }

  // One Tab completes as far as the words agree; where they do not, they are listed.
  static unsigned char Complete(EditLine* edit, int) {
    const LineInfo* info = ::el_line(edit);
    const char* begin = info->cursor;
    while (begin > info->buffer && IsWordByte(begin[-1])) --begin;
    const std::string_view before(info->buffer, static_cast<size_t>(begin - info->buffer));
    const std::string word(begin, static_cast<size_t>(info->cursor - begin));
    const std::vector<std::string> words = Self(edit).completer_(before, word);
    if (words.empty()) return CC_REFRESH_BEEP;
    const std::string common = words.size() == 1 ? words.front() : CommonStart(words);
    // Letters may change their case: the word is typed anew.
    int letters = 0;
    for (const char c : word) letters += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
    const bool longer = common.size() > word.size() || words.size() == 1;
    if (longer) {
      ::el_deletestr(edit, letters);
      ::el_insertstr(edit, common.c_str());
      return CC_REFRESH;
    }
    std::fputs("\n", stdout);
    constexpr size_t kMostListed = 60;
    for (size_t i = 0; i < std::min(words.size(), kMostListed); ++i) std::printf("%s  ", words[i].c_str());
    std::fputs(words.size() > kMostListed ? "...\n" : "\n", stdout);
    std::fflush(stdout);
    return CC_REDISPLAY;
  }

  Completer completer_;
  std::string history_file_;
  std::string prompt_;
  History* history_ = nullptr;
  EditLine* edit_ = nullptr;
};

class PlainReader : public LineEditor {
 public:
  LineEnd Read(const std::string&, std::string& line) override {
    return std::getline(std::cin, line) ? LineEnd::kLine : LineEnd::kEndOfInput;
  }
  void AddToHistory(const std::string&) override {}
};

}  // namespace

std::unique_ptr<LineEditor> MakeTerminalEditor(const std::string& history_file, Completer completer) {
  return std::make_unique<TerminalEditor>(history_file, std::move(completer));
}

std::unique_ptr<LineEditor> MakePlainReader() {
  return std::make_unique<PlainReader>();
}

}  // namespace tupu
