using Apache.Arrow;

namespace Wharf.Client;

/// <summary>
/// Compares batches with the schema of the upload. Arrow's writers do not, and the server would read the bytes of one type as another type.
/// </summary>
internal static class BatchCheck
{
    /// <summary>Throws if a batch does not match the schema.</summary>
    /// <param name="schema">The schema that was sent.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="number">The position of the batch in the upload, from 1.</param>
    /// <exception cref="ArgumentException">The batch does not match; the message names the batch and the column.</exception>
    public static void ThrowIfMismatch(Schema schema, RecordBatch batch, int number)
    {
        if (batch is null)
            throw Mismatch(number, "it is null");
        if (batch.ColumnCount != schema.FieldsList.Count)
            throw Mismatch(number, $"it has {batch.ColumnCount} columns, the schema has {schema.FieldsList.Count}");
        for (var n = 0; n < batch.ColumnCount; n++)
        {
            var (field, array) = (schema.FieldsList[n], batch.Column(n));
            var (wanted, found) = (ArrowTypeText.Of(field.DataType), ArrowTypeText.Of(array.Data.DataType));
            if (wanted != found)
                throw Mismatch(number, $"column '{field.Name}' is a {found}, the schema has {wanted}");
            if (array.Length != batch.Length)
                throw Mismatch(number, $"column '{field.Name}' has {array.Length} rows, the batch has {batch.Length}");
            if (!field.IsNullable && array.NullCount > 0)
                throw Mismatch(number, $"column '{field.Name}' has nulls, which the schema does not allow");
        }
    }

    private static ArgumentException Mismatch(int number, string reason) =>
        new($"batch {number} does not match the schema: {reason}", "batches");
}
