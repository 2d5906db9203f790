#include <algorithm>
#include <numeric>

#include "engine/cli/row_writer.h"
#include "engine/cli/terminal.h"
#include "engine/cli/value_text.h"
#include "storage/text/normalize.h"

namespace tupu {

namespace {

constexpr size_t kRowsMeasured = 2000;  // widths come from these; later rows follow with the same widths
constexpr int kGap = 2;                 // blanks between columns
constexpr int kLeastWidth = 8;          // a cut column stays this wide

// A table with a heading, aligned by what characters take on a terminal; numbers stand at the right.
class TableWriter : public RowWriter {
 public:
  TableWriter(OutputSink& sink, const TableLook& look) : sink_(sink), look_(look) {}

  Status Begin(const std::vector<AnswerColumn>& columns) override {
    for (const AnswerColumn& column : columns)
      headings_.push_back(column.heading.empty() ? column.key : column.heading);
    numeric_.assign(columns.size(), true);
    return {};
  }

  Status Add(const Row& row) override {
    std::vector<std::string> cells;
    for (size_t i = 0; i < row.size(); ++i) {
      if (!row[i].is_number() && !row[i].is_null()) numeric_[i] = false;
      cells.push_back(row[i].is_null() ? std::string() : CellText(row[i]));
    }
    if (measured_) return WriteLine(cells);
    held_.push_back(std::move(cells));
    return held_.size() < kRowsMeasured ? Status() : WriteHeld();
  }

  Status End() override { return measured_ ? Status() : WriteHeld(); }

 private:
  Status WriteHeld() {
    measured_ = true;
    if (headings_.empty()) return {};
    if (held_.empty()) numeric_.assign(headings_.size(), false);
    MeasureColumns();
    std::vector<std::string> rules;
    for (const int width : widths_) {
      std::string rule;
      for (int i = 0; i < width; ++i) rule += "─";
      rules.push_back(std::move(rule));
    }
    TUPU_TRY(WriteLine(headings_, Tone::kHeading));
    TUPU_TRY(WriteLine(rules, Tone::kFaint));
    for (const std::vector<std::string>& cells : held_) TUPU_TRY(WriteLine(cells));
    held_.clear();
    return {};
  }

  void MeasureColumns() {
    widths_.clear();
    for (const std::string& heading : headings_) widths_.push_back(DisplayWidth(heading));
    for (const std::vector<std::string>& cells : held_)
      for (size_t i = 0; i < cells.size(); ++i) widths_[i] = std::max(widths_[i], DisplayWidth(cells[i]));
    if (look_.width == 0) return;
    // Too wide for the terminal: the widest column gives way, again and again.
    const int room = look_.width - kGap * (static_cast<int>(widths_.size()) - 1);
    while (std::accumulate(widths_.begin(), widths_.end(), 0) > room) {
      const auto widest = std::max_element(widths_.begin(), widths_.end());
      if (*widest <= kLeastWidth) break;
      --*widest;
    }
  }

  Status WriteLine(const std::vector<std::string>& cells, std::optional<Tone> tone = std::nullopt) {
    std::string line;
    for (size_t i = 0; i < cells.size(); ++i) {
      const bool last = i + 1 == cells.size();
      // The last column needs no padding: without a terminal it is never cut either.
      const std::string text = look_.width == 0 ? cells[i] : CutToColumns(cells[i], widths_[i]);
      const int blanks = std::max(0, widths_[i] - DisplayWidth(text));
      if (numeric_[i]) line.append(static_cast<size_t>(blanks), ' ');
      line += tone ? Paint(text, *tone, look_.colour) : text;
      if (!numeric_[i] && !last) line.append(static_cast<size_t>(blanks), ' ');
      if (!last) line.append(kGap, ' ');
    }
    return sink_.Write(line + "\n");
  }

  OutputSink& sink_;
  TableLook look_;
  std::vector<std::string> headings_;
  std::vector<bool> numeric_;  // every value of the column so far is a number
  std::vector<int> widths_;
  std::vector<std::vector<std::string>> held_;
  bool measured_ = false;
};

}  // namespace

std::unique_ptr<RowWriter> MakeTableWriter(OutputSink& sink, const TableLook& look) {
  return std::make_unique<TableWriter>(sink, look);
}

}  // namespace tupu
