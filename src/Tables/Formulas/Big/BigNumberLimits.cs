using System.Numerics;

namespace Wharf.Tables.Formulas.Big;

/// <summary>Limits the size of big numbers.</summary>
internal static class BigNumberLimits
{
    /// <summary>The maximum number of digits.</summary>
    public const int MostDigits = 32_768;

    private const long MostBits = MostDigits * 10L / 3;
    private static readonly BigInteger[] Small = [.. Enumerable.Range(0, 64).Select(static exponent => BigInteger.Pow(10, exponent))];

    /// <summary>Returns a number within the limit.</summary>
    /// <exception cref="FormulaError">The number is too large.</exception>
    public static BigInteger Check(BigInteger number) => number.GetBitLength() <= MostBits ? number : throw TooLarge();

    /// <summary>Returns a power of ten.</summary>
    /// <exception cref="FormulaError">The result is too large.</exception>
    public static BigInteger Power(long exponent) =>
        exponent < Small.Length ? Small[exponent] : exponent <= MostDigits ? BigInteger.Pow(10, (int)exponent) : throw TooLarge();

    /// <summary>Raises a number to a power.</summary>
    /// <exception cref="FormulaError">The result is too large.</exception>
    public static BigInteger Power(BigInteger number, int exponent) =>
        number.GetBitLength() <= 1 || number.GetBitLength() * exponent <= MostBits ? BigInteger.Pow(number, exponent) : throw TooLarge();

    private static FormulaError TooLarge() => new($"the number has more than {MostDigits} digits");
}
