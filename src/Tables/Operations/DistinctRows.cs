using System.Runtime.InteropServices;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Operations;

/// <summary>Finds the first row of each distinct combination of values.</summary>
internal static class DistinctRows
{
    public static long[] Find(Column[] keys, long rows, CancellationToken cancellationToken)
    {
        if (rows == 0)
            return [];

        // Column by column, each row is assigned the number of its combination of values so far.
        int[] groups = new int[checked((int)Math.Min(rows, Array.MaxLength))];
        if (groups.Length < rows)
            throw new TableException(TableError.InvalidArgument, $"the distinct rows of a table of {rows} rows cannot be computed");
        int count = 1;
        foreach (Column key in keys)
            count = key.Type.Dispatch(new Refine(key, groups, count, cancellationToken));

        long[] first = new long[count];
        first.AsSpan().Fill(-1);
        for (int row = 0; row < groups.Length; row++)
        {
            if (first[groups[row]] < 0)
                first[groups[row]] = row;
        }

        return first;
    }

    private readonly struct Refine(Column key, int[] groups, int count, CancellationToken cancellationToken) : IClrDispatch<int>
    {
        public int Invoke<T>()
        {
            var reader = ColumnReader<T>.For(key);
            var numbers = new Dictionary<(int Group, T Value), int>(count);
            T[] scratch = [];
            for (int start = 0; start < groups.Length; start += Frame.BlockRows)
            {
                cancellationToken.ThrowIfCancellationRequested();
                ReadOnlySpan<T> values = reader.Read(start, Math.Min(Frame.BlockRows, groups.Length - start), ref scratch);
                for (int n = 0; n < values.Length; n++)
                {
                    ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(
                        numbers, (groups[start + n], values[n]), out bool known);
                    if (!known)
                        number = numbers.Count - 1;
                    groups[start + n] = number;
                }
            }

            return numbers.Count;
        }
    }
}
