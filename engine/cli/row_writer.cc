#include "engine/cli/row_writer.h"

#include "storage/base/check.h"

namespace tupu {

std::unique_ptr<RowWriter> MakeRowWriter(OutputFormat format, OutputSink& sink, const TableLook& look) {
  switch (format) {
    case OutputFormat::kTable: return MakeTableWriter(sink, look);
    case OutputFormat::kJson: return MakeJsonWriter(sink);
    case OutputFormat::kJsonl: return MakeJsonLinesWriter(sink);
    case OutputFormat::kCsv: return MakeCsvWriter(sink);
    case OutputFormat::kDot:
    case OutputFormat::kSvg:
    case OutputFormat::kPng: break;
  }
  TUPU_CHECK(false);
}

}  // namespace tupu
