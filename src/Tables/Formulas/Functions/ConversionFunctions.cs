using System.Globalization;
using System.Numerics;
using Wharf.Tables.Columns;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>Functions that convert numbers and strings to numbers.</summary>
internal static class ConversionFunctions
{
    public static IEnumerable<Function> All =>
    [
        .. Casts<sbyte>("byteCast", EngineType.Byte), .. Casts<short>("shortCast", Short), .. Casts<char>("charCast", EngineType.Char),
        .. Casts<int>("intCast", Int),
        .. Casts<long>("longCast", Long), .. Casts<float>("floatCast", Float), .. Casts<double>("doubleCast", EngineType.Double),
        Parse<sbyte>("parseByte", EngineType.Byte, NumberStyles.AllowLeadingSign),
        Parse<short>("parseShort", Short, NumberStyles.AllowLeadingSign),
        Parse<int>("parseInt", Int, NumberStyles.AllowLeadingSign), Parse<long>("parseLong", Long, NumberStyles.AllowLeadingSign),
        ParseInBase<sbyte>("parseByte", EngineType.Byte, static n => checked((sbyte)n)),
        ParseInBase<short>("parseShort", Short, static n => checked((short)n)),
        ParseInBase<int>("parseInt", Int, static n => checked((int)n)), ParseInBase<long>("parseLong", Long, static n => checked((long)n)),
        ParseUnsigned<int>("parseUnsignedInt", Int, static n => unchecked((int)checked((uint)n))),
        ParseUnsigned<long>("parseUnsignedLong", Long, static n => unchecked((long)checked((ulong)n))),
        ParseInBase<int>("parseUnsignedInt", Int, static n => unchecked((int)checked((uint)n))),
        ParseInBase<long>("parseUnsignedLong", Long, static n => unchecked((long)checked((ulong)n))),
        Function.Of<string, sbyte>(
            "parseBoolean", EngineType.String, EngineType.Boolean,
            static text => text.Equals("true", StringComparison.OrdinalIgnoreCase) ? (sbyte)1 : (sbyte)0),
        .. Exact<sbyte>(EngineType.Byte), .. Exact<short>(Short), .. Exact<int>(Int), .. Exact<long>(Long),
        .. ExactDouble<sbyte>(EngineType.Byte), .. ExactDouble<short>(Short),
        .. ExactDouble<int>(Int), .. ExactDouble<long>(Long), .. ExactDouble<float>(Float), .. ExactDouble<double>(EngineType.Double),
        Parse<float>("parseFloat", Float, NumberStyles.Float), Parse<double>("parseDouble", EngineType.Double, NumberStyles.Float),
    ];

    /// <summary>Returns the result type of a cast function, or null if the name is not one.</summary>
    public static EngineType? CastType(string name) => name switch
    {
        "byteCast" => EngineType.Byte,
        "shortCast" => Short,
        "charCast" => EngineType.Char,
        "intCast" => Int,
        "longCast" => Long,
        "floatCast" => Float,
        "doubleCast" => EngineType.Double,
        _ => null,
    };

    /// <summary>Conversions that fail if the value is not representable; with a second argument, only if it is true.</summary>
    private static IEnumerable<Function> Exact<T>(EngineType type)
        where T : unmanaged, IBinaryInteger<T> =>
            [.. Checked<T, int>("castInt", type, Int, int.CreateChecked), .. Checked<T, long>("castLong", type, Long, long.CreateChecked)];

    private static IEnumerable<Function> ExactDouble<T>(EngineType type)
        where T : unmanaged, INumber<T> => Checked<T, double>("castDouble", type, EngineType.Double, static value =>
        typeof(T) == typeof(long) && (Int128)double.CreateTruncating(value) != Int128.CreateTruncating(value)
            ? throw new FormulaError($"{value} cannot be represented exactly as a double")
            : double.CreateTruncating(value));

    private static IEnumerable<Function> Checked<TFrom, TTo>(string name, EngineType from, EngineType to, Func<TFrom, TTo> exact)
        where TFrom : unmanaged
        where TTo : unmanaged =>
    [
        Function.Of<TFrom, TTo>(name, from, to, value => NotNull(exact(value)), canFail: true),
        Function.Of<TFrom, sbyte, TTo>(
            name, from, EngineType.Boolean, to, (value, isExact) => isExact == 1 ? NotNull(exact(value)) : NumberCast.To<TFrom, TTo>(value),
            canFail: true),
    ];

    private static T NotNull<T>(T value) => EqualityComparer<T>.Default.Equals(value, Null<T>.Value)
        ? throw new FormulaError("the result is outside of the range of its type")
        : value;

    private static Function ParseInBase<T>(string name, EngineType result, Func<BigInteger, T> narrow) => Function.Of<string, int, T>(
        name, EngineType.String, Int, result,
        (text, radix) => narrow(InBase(text, radix, name.Contains("Unsigned", StringComparison.Ordinal))), canFail: true);

    private static Function ParseUnsigned<T>(string name, EngineType result, Func<BigInteger, T> narrow) =>
        Function.Of<string, T>(name, EngineType.String, result, text => narrow(InBase(text, 10, isUnsigned: true)), canFail: true);

    /// <summary>Parses an integer in a base.</summary>
    /// <exception cref="FormulaError">The text is not such a number.</exception>
    public static BigInteger InBase(string text, int radix, bool isUnsigned)
    {
        if (radix is < 2 or > 36)
            throw new FormulaError($"the base {radix} is not supported; it must be from 2 to 36");
        int at = text.Length > 1 && (text[0] == '+' || (text[0] == '-' && !isUnsigned)) ? 1 : 0;
        BigInteger number = 0;
        foreach (char c in text.AsSpan(at))
        {
            int digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : radix;
            if (digit >= radix || number > ulong.MaxValue)
                throw new FormulaError($"`{text}` is not a number in base {radix}");
            number = (number * radix) + digit;
        }

        return text.Length == 0 ? throw new FormulaError("an empty string is not a number") : text[0] == '-' ? -number : number;
    }

    private static IEnumerable<Function> Casts<TTo>(string name, EngineType to)
        where TTo : unmanaged =>
    [
        Cast<sbyte, TTo>(name, EngineType.Byte, to), Cast<short, TTo>(name, Short, to), Cast<char, TTo>(name, EngineType.Char, to),
        Cast<int, TTo>(name, Int, to),
        Cast<long, TTo>(name, Long, to), Cast<float, TTo>(name, Float, to), Cast<double, TTo>(name, EngineType.Double, to),
    ];

    private static Function Cast<TFrom, TTo>(string name, EngineType from, EngineType to)
        where TFrom : unmanaged
        where TTo : unmanaged => Function.Of<TFrom, TTo>(name, from, to, NumberCast.To<TFrom, TTo>);

    private static Function Parse<T>(string name, EngineType result, NumberStyles styles)
        where T : INumber<T> => Function.Of<string, T>(
        name,
        EngineType.String,
        result,
        text => T.TryParse(text, styles, CultureInfo.InvariantCulture, out T? number)
            ? number
            : throw new FormulaError($"`{text}` is not a number of type {result.ClassName}"),
        canFail: true);
}
