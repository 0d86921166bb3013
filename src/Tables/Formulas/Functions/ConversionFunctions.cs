using System.Globalization;
using static Wharf.Tables.EngineType;

namespace Wharf.Tables;

/// <summary>Functions that make numbers of other numbers, and of texts.</summary>
internal static class ConversionFunctions
{
    public static IEnumerable<Function> All =>
    [
        .. Casts<sbyte>("byteCast", EngineType.Byte), .. Casts<short>("shortCast", Short), .. Casts<char>("charCast", EngineType.Char), .. Casts<int>("intCast", Int),
        .. Casts<long>("longCast", Long), .. Casts<float>("floatCast", Float), .. Casts<double>("doubleCast", EngineType.Double),
        Parse<sbyte>("parseByte", EngineType.Byte, NumberStyles.AllowLeadingSign), Parse<short>("parseShort", Short, NumberStyles.AllowLeadingSign),
        Parse<int>("parseInt", Int, NumberStyles.AllowLeadingSign), Parse<long>("parseLong", Long, NumberStyles.AllowLeadingSign),
        Parse<float>("parseFloat", Float, NumberStyles.Float), Parse<double>("parseDouble", EngineType.Double, NumberStyles.Float),
        Function.Of<int, int, int>("floorDiv", Int, Int, Int, static (a, b) => (int)FloorDivide(a, b), canFail: true),
        Function.Of<long, long, long>("floorDiv", Long, Long, Long, FloorDivide, canFail: true),
        Function.Of<int, int, int>("floorMod", Int, Int, Int, static (a, b) => (int)FloorRemainder(a, b), canFail: true),
        Function.Of<long, long, long>("floorMod", Long, Long, Long, FloorRemainder, canFail: true),
    ];

    private static long FloorDivide(long a, long b)
    {
        if (b == 0)
            throw new FormulaError("a division by zero");
        if (b == -1)
            return unchecked(-a);
        long quotient = a / b;
        return a % b != 0 && (a < 0) != (b < 0) ? quotient - 1 : quotient;
    }

    private static long FloorRemainder(long a, long b) => b == -1 ? 0 : a - (FloorDivide(a, b) * b);

    private static IEnumerable<Function> Casts<TTo>(string name, EngineType to)
        where TTo : unmanaged =>
    [
        Cast<sbyte, TTo>(name, EngineType.Byte, to), Cast<short, TTo>(name, Short, to), Cast<char, TTo>(name, EngineType.Char, to), Cast<int, TTo>(name, Int, to),
        Cast<long, TTo>(name, Long, to), Cast<float, TTo>(name, Float, to), Cast<double, TTo>(name, EngineType.Double, to),
    ];

    private static Function Cast<TFrom, TTo>(string name, EngineType from, EngineType to)
        where TFrom : unmanaged
        where TTo : unmanaged => Function.Of<TFrom, TTo>(name, from, to, NumberCast.To<TFrom, TTo>);

    private static Function Parse<T>(string name, EngineType result, NumberStyles styles)
        where T : System.Numerics.INumber<T> => Function.Of<string, T>(
        name,
        EngineType.String,
        result,
        text => T.TryParse(text, styles, CultureInfo.InvariantCulture, out T? number) ? number : throw new FormulaError($"`{text}` is not a number of type {result.ClassName}"),
        canFail: true);
}
