using System.Runtime.CompilerServices;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Columns;

/// <summary>Writes strings, or the texts of values without an Arrow type.</summary>
internal sealed class TextSink<T>(EngineType type, long rows, Func<T, string?> text) : VariableWidthSink<T>(type, rows)
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    protected override void Write(ReadOnlySpan<T> values)
    {
        foreach (T value in values)
        {
            string? written = text(value);
            if (written is null)
            {
                EndValue(0, isNull: true);
                continue;
            }

            int bytes = TextEncoding.Utf8.GetBytes(written, Room(TextEncoding.Utf8.GetMaxByteCount(written.Length)));
            IsPlain &= bytes == written.Length;
            EndValue(bytes, isNull: false);
        }
    }
}
