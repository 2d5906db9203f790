#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <tupu/row.h>

#include "engine/cli/command.h"
#include "engine/cli/output_sink.h"
#include "engine/cli/row_writer.h"
#include "engine/cli/shared_options.h"
#include "engine/export/picture.h"

namespace tupu {

/// What a verb tells: rows, and the picture that goes with them.
struct Answer {
  std::vector<AnswerColumn> columns;
  std::vector<Row> rows;
  std::function<Result<Picture>()> picture;  // drawn only when asked for
  std::string note;                          // for standard error, beside a table; empty: none
};

/// Shows an answer as --format and -o ask: text formats as rows, the others as the picture.
/// A table cut by the limit says so on standard error. Errors: those of the output and of Graphviz.
Status ShowAnswer(const CommandContext& context, const GraphView& view, const AnswerChoice& choice,
                  const Answer& answer);

/// Draws `picture` in a picture format. Requires: IsPicture(format).
Status WritePicture(const CommandContext& context, const GraphView& view, OutputFormat format, const Picture& picture,
                    OutputSink& sink);

/// The file of -o, or standard output. Errors: kIo.
Result<OutputSink> OpenOutput(const AnswerChoice& choice);
/// How a table looks where `choice` goes.
TableLook LookOf(const AnswerChoice& choice);

/// A line on standard error.
void PrintNote(std::string_view text);

}  // namespace tupu
