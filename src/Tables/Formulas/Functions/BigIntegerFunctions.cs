using System.Globalization;
using System.Numerics;
using Wharf.Tables.Formulas.Big;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Schemas;
using static Wharf.Tables.Schemas.EngineType;

namespace Wharf.Tables.Formulas.Functions;

/// <summary>The methods and constructors of BigInteger.</summary>
internal static class BigIntegerFunctions
{
    private static readonly EngineType Whole = EngineType.BigInteger;

    public static IEnumerable<Function> All =>
    [
        Of(".abs", System.Numerics.BigInteger.Abs), Of(".negate", static x => -x), Of(".not", static x => ~x),
        Of(".sqrt", BigIntegers.SquareRoot),
        OfInteger(".bitLength", Int, static x => (int)x.GetBitLength()),
        OfInteger(".bitCount", Int, static x => (int)BigIntegers.BitCount(x)),
        OfInteger(".getLowestSetBit", Int, static x => x.IsZero ? -1 : (int)System.Numerics.BigInteger.TrailingZeroCount(x)),
        OfInteger<object?>(
            ".toByteArray", Binary, static x =>
            new ArrayVector<sbyte>((sbyte[])(Array)x.ToByteArray(isUnsigned: false, isBigEndian: true))),
        .. BigNumberMethods.Common(Whole, static x => ((BigInteger)x).Sign, static x => BigIntegers.JavaHash((BigInteger)x)),
        .. BigNumberMethods.Exact(Whole, static x => (BigInteger)x),

        OfTwo(".add", static (x, y) => x + y), OfTwo(".subtract", static (x, y) => x - y),
        OfTwo(".multiply", static (x, y) => BigNumberLimits.Check(x * y)),
        OfTwo(".divide", BigIntegers.Divide), OfTwo(".remainder", BigIntegers.Remainder), OfTwo(".mod", BigIntegers.Mod),
        OfTwo(".gcd", System.Numerics.BigInteger.GreatestCommonDivisor),
        OfTwo(".and", static (x, y) => x & y), OfTwo(".or", static (x, y) => x | y), OfTwo(".xor", static (x, y) => x ^ y),
        OfTwo(".andNot", static (x, y) => x & ~y),
        OfTwo(".max", System.Numerics.BigInteger.Max), OfTwo(".min", System.Numerics.BigInteger.Min),

        Function.Of<object, object, object?>(
            ".divideAndRemainder", Whole, Whole, Whole.ArrayOf(),
            static (x, y) => new ArrayVector<object?>(
                [BigIntegers.Divide((BigInteger)x, (BigInteger)y), BigIntegers.Remainder((BigInteger)x, (BigInteger)y)]),
            NullRule.Refuse, canFail: true),

        Function.Of<object, object, object, object?>(
            ".modPow", Whole, Whole, Whole, Whole,
            static (x, exponent, modulus) => BigIntegers.ModPower((BigInteger)x, (BigInteger)exponent, (BigInteger)modulus),
            NullRule.Refuse, canFail: true),

        OfInt(".pow", static (x, n) => n < 0 ? throw new FormulaError("the exponent must not be negative") : BigNumberLimits.Power(x, n)),
        OfInt(".shiftLeft", ShiftLeft), OfInt(".shiftRight", static (x, n) => ShiftLeft(x, checked(-n))),
        OfInt(".setBit", static (x, n) => x | Bit(n)), OfInt(".clearBit", static (x, n) => x & ~Bit(n)),
        OfInt(".flipBit", static (x, n) => x ^ Bit(n)),
        Function.Of<object, int, sbyte>(
            ".testBit", Whole, Int, EngineType.Boolean, static (x, n) => ((BigInteger)x & Bit(n)).IsZero ? (sbyte)0 : (sbyte)1,
            NullRule.Refuse, canFail: true),
        Function.Of<object, int, string?>(
            ".toString", Whole, Int, EngineType.String, static (x, radix) => BigIntegers.Text((BigInteger)x, radix), NullRule.Refuse),

        Function.Of<string, object?>(
            "new java.math.BigInteger", EngineType.String, Whole, static text => Read(text), NullRule.Refuse, canFail: true),
        Function.Of<string, int, object?>(
            "new java.math.BigInteger", EngineType.String, Int, Whole,
            static (text, radix) => ConversionFunctions.InBase(text, radix, isUnsigned: false), NullRule.Refuse, canFail: true),
        Function.Of<long, object?>("java.math.BigInteger.valueOf", Long, Whole, static number => new BigInteger(number), NullRule.Pass),
    ];

    private static BigInteger Read(string text) =>
        text.Length <= BigNumberLimits.MostDigits
            && System.Numerics.BigInteger.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out BigInteger number)
            ? number
            : throw new FormulaError($"`{text}` is not an integer");

    private static BigInteger ShiftLeft(BigInteger number, int bits) =>
        bits <= 0 ? number >> -bits : number.IsZero ? number : number * Bit(bits);

    private static BigInteger Bit(int position) => position switch
    {
        < 0 => throw new FormulaError("the number of a bit must not be negative"),
        _ => BigNumberLimits.Power(2, position),
    };

    private static Function Of(string name, Func<BigInteger, BigInteger> body) => OfInteger<object?>(name, Whole, number => body(number));

    private static Function OfInteger<T>(string name, EngineType result, Func<BigInteger, T> body) =>
        Function.Of<object, T>(name, Whole, result, number => body((BigInteger)number), NullRule.Refuse, canFail: true);

    private static Function OfTwo(string name, Func<BigInteger, BigInteger, BigInteger> body) =>
        Function.Of<object, object, object?>(
            name, Whole, Whole, Whole, (x, y) => body((BigInteger)x, (BigInteger)y), NullRule.Refuse, canFail: true);

    private static Function OfInt(string name, Func<BigInteger, int, BigInteger> body) =>
        Function.Of<object, int, object?>(name, Whole, Int, Whole, (x, n) => body((BigInteger)x, n), NullRule.Refuse, canFail: true);
}
