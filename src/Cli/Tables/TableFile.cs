using Apache.Arrow;
using Apache.Arrow.Ipc;
using CsvHelper;

namespace Wharf.Cli.Tables;

/// <summary>A writer of a file format, which writes a table batch by batch.</summary>
internal abstract class TableFile : IAsyncDisposable
{
    public abstract ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>Completes the file. Without this call the file is incomplete.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Creates a file of comma-separated values, as in RFC 4180. A null is an empty field, and an empty text is <c>""</c>.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="schema">The columns.</param>
    /// <param name="escapesFormulas">Whether texts that a spreadsheet would evaluate are escaped.</param>
    public static TableFile Csv(TextWriter writer, Schema schema, bool escapesFormulas) => new CsvFile(writer, schema, escapesFormulas);

    /// <summary>Creates a file in Arrow's file format.</summary>
    public static TableFile Arrow(Stream stream, Schema schema) => new ArrowFile(stream, schema);

    /// <summary>Creates a Parquet file.</summary>
    public static TableFile Parquet(Stream stream, Schema schema) => new ParquetFile(stream, schema);

    private sealed class CsvFile : TableFile
    {
        private readonly TextWriter _writer;
        private readonly CsvWriter _csv;
        private readonly bool[] _isEscaped;

        public CsvFile(TextWriter writer, Schema schema, bool escapesFormulas)
        {
            _writer = writer;
            _csv = CsvWriter.Create(writer, CsvWriterOptions.Default, leaveOpen: true);
            _isEscaped = [.. schema.FieldsList.Select(column => escapesFormulas && !SpreadsheetText.IsNumber(column.DataType))];
            foreach (var column in schema.FieldsList)
                _csv.WriteField(escapesFormulas ? SpreadsheetText.Escape(column.Name) : column.Name, CsvQuoting.WhenNeeded);
            _csv.EndRecord();
        }

        public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                if (batch.ColumnCount == 1 && ArrowCell.Text(batch.Column(0), row) is null)
                {
                    await WriteLoneNullAsync(cancellationToken);
                    continue;
                }

                for (var column = 0; column < batch.ColumnCount; column++)
                {
                    var text = ArrowCell.Text(batch.Column(column), row);
                    if (text is not null && _isEscaped[column])
                        text = SpreadsheetText.Escape(text);
                    _csv.WriteField(text ?? "", text is { Length: 0 } ? CsvQuoting.Always : CsvQuoting.WhenNeeded);
                }

                await _csv.EndRecordAsync(cancellationToken);
            }
        }

        /// <summary>Writes an empty line. The library writes a single empty field as <c>""</c>, which is an empty text.</summary>
        private async Task WriteLoneNullAsync(CancellationToken cancellationToken)
        {
            await _csv.FlushAsync(cancellationToken);
            await _writer.WriteAsync(CsvWriterOptions.Default.NewLine.AsMemory(), cancellationToken);
        }

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken) => await _csv.FlushAsync(cancellationToken);

        public override ValueTask DisposeAsync() => _csv.DisposeAsync();
    }

    private sealed class ArrowFile(Stream stream, Schema schema) : TableFile
    {
        private readonly DictionaryCheck _dictionaries = new();
        private ArrowFileWriter? _writer;

        public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            _dictionaries.Check(batch);
            // The writer looks dictionaries up by the field objects of the batch's schema; equal fields are not enough.
            _writer ??= new(stream, batch.Schema, leaveOpen: true);
            await _writer.WriteRecordBatchAsync(batch, cancellationToken);
        }

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            if (_writer is null)
            {
                _writer = new(stream, schema, leaveOpen: true);
                await _writer.WriteStartAsync(cancellationToken);
            }

            await _writer.WriteEndAsync(cancellationToken);
        }

        public override ValueTask DisposeAsync()
        {
            _writer?.Dispose();
            return ValueTask.CompletedTask;
        }
    }

    private sealed class ParquetFile(Stream stream, Schema schema) : TableFile
    {
        private readonly ParquetSharp.Arrow.FileWriter _writer = ParquetFormat.Create(stream, schema);

        public override ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            _writer.WriteRecordBatch(batch);
            return ValueTask.CompletedTask;
        }

        public override ValueTask CompleteAsync(CancellationToken cancellationToken)
        {
            _writer.Close();
            return ValueTask.CompletedTask;
        }

        public override ValueTask DisposeAsync()
        {
            _writer.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
