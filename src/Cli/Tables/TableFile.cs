using Apache.Arrow;
using Apache.Arrow.Ipc;
using CsvHelper;

namespace Wharf.Cli.Tables;

/// <summary>A file that a table is written to, batch by batch.</summary>
internal abstract class TableFile : IAsyncDisposable
{
    public abstract ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken);

    /// <summary>Ends the file. A file that is not ended is not whole.</summary>
    public abstract ValueTask CompleteAsync(CancellationToken cancellationToken);

    public abstract ValueTask DisposeAsync();

    /// <summary>Comma-separated values as RFC 4180 has them; a null is nothing between the commas.</summary>
    public static TableFile Csv(TextWriter writer, bool leaveOpen, Schema schema) => new CsvFile(writer, leaveOpen, schema);

    /// <summary>Arrow's file format.</summary>
    public static TableFile Arrow(Stream stream, Schema schema) => new ArrowFile(new ArrowFileWriter(stream, schema), stream);

    /// <summary>Parquet.</summary>
    public static TableFile Parquet(Stream stream, Schema schema) => new ParquetFile(stream, schema);

    private sealed class CsvFile : TableFile
    {
        private readonly CsvWriter _csv;

        public CsvFile(TextWriter writer, bool leaveOpen, Schema schema)
        {
            _csv = CsvWriter.Create(writer, CsvWriterOptions.Default, leaveOpen);
            foreach (var column in schema.FieldsList)
                _csv.WriteField(column.Name);
            _csv.EndRecord();
        }

        public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken)
        {
            for (var row = 0; row < batch.Length; row++)
            {
                foreach (var array in batch.Arrays)
                    _csv.WriteField(ArrowCell.Text(array, row));
                await _csv.EndRecordAsync(cancellationToken);
            }
        }

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken) => await _csv.FlushAsync(cancellationToken);

        public override ValueTask DisposeAsync() => _csv.DisposeAsync();
    }

    private sealed class ArrowFile(ArrowFileWriter writer, Stream stream) : TableFile
    {
        public override async ValueTask WriteAsync(RecordBatch batch, CancellationToken cancellationToken) => await writer.WriteRecordBatchAsync(batch, cancellationToken);

        public override async ValueTask CompleteAsync(CancellationToken cancellationToken) => await writer.WriteEndAsync(cancellationToken);

        public override async ValueTask DisposeAsync()
        {
            writer.Dispose();
            await stream.DisposeAsync();
        }
    }

    private sealed class ParquetFile(Stream stream, Schema schema) : TableFile
    {
        private readonly ParquetSharp.Arrow.FileWriter _writer = new(stream, schema);

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

        public override async ValueTask DisposeAsync()
        {
            _writer.Dispose();
            await stream.DisposeAsync();
        }
    }
}
