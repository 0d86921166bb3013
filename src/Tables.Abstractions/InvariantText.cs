using System.ComponentModel;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace Wharf.Tables;

/// <summary>An interpolated text whose numbers and times do not depend on the culture of the thread: for messages that clients read.</summary>
/// <param name="literalLength">The number of characters outside of the holes.</param>
/// <param name="formattedCount">The number of holes.</param>
[InterpolatedStringHandler]
[EditorBrowsable(EditorBrowsableState.Never)]
public ref struct InvariantText(int literalLength, int formattedCount)
{
    private DefaultInterpolatedStringHandler _text = new(literalLength, formattedCount, CultureInfo.InvariantCulture);

    /// <summary>Appends a part outside of the holes.</summary>
    /// <param name="text">The part.</param>
    public void AppendLiteral(string text) => _text.AppendLiteral(text);

    /// <summary>Appends a value.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

    /// <summary>Appends a value in a format.</summary>
    /// <typeparam name="T">Its type.</typeparam>
    /// <param name="value">The value.</param>
    /// <param name="format">The format.</param>
    public void AppendFormatted<T>(T value, string? format) => _text.AppendFormatted(value, format);

    /// <summary>Appends characters.</summary>
    /// <param name="text">The characters.</param>
    public void AppendFormatted(ReadOnlySpan<char> text) => _text.AppendFormatted(text);

    /// <summary>The text; nothing can be appended after it was read.</summary>
    /// <returns>The text.</returns>
    public string ToStringAndClear() => _text.ToStringAndClear();
}
