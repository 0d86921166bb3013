using System.Globalization;
using System.Numerics;
using Wharf.Tables.Formulas.Nodes;

namespace Wharf.Tables.Formulas.Big;

/// <summary>Operations of Java's BigInteger that .NET does not have.</summary>
internal static class BigIntegers
{
    /// <summary>Returns the nearest double.</summary>
    public static double ToDouble(BigInteger number) =>
        number.GetBitLength() <= 53
            ? (double)(long)number
            : double.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Returns the nearest float.</summary>
    public static float ToFloat(BigInteger number) =>
        float.Parse(number.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>Returns the number of bits that differ from the sign bit.</summary>
    public static long BitCount(BigInteger number) => (long)BigInteger.PopCount(number.Sign < 0 ? ~number : number);

    /// <summary>Returns the lowest 64 bits.</summary>
    public static long ToLong(BigInteger number) => unchecked((long)(ulong)(number & ulong.MaxValue));

    /// <summary>Returns Java's hash code, computed from the 32-bit words of the magnitude in big-endian order.</summary>
    public static int JavaHash(BigInteger number)
    {
        byte[] size = BigInteger.Abs(number).ToByteArray(isUnsigned: true, isBigEndian: true);
        int hash = 0, at = 0;
        for (int length = size.Length % 4 is > 0 and var first ? first : 4; at < size.Length; length = 4)
        {
            int word = 0;
            for (int end = at + length; at < end; at++)
                word = (word << 8) | size[at];
            hash = unchecked((31 * hash) + word);
        }

        return unchecked(hash * number.Sign);
    }

    /// <summary>Returns the whole part of the square root.</summary>
    /// <exception cref="FormulaError">The number is negative.</exception>
    public static BigInteger SquareRoot(BigInteger number)
    {
        if (number.Sign < 0)
            throw new FormulaError("a negative number has no square root");
        if (number.IsZero)
            return number;

        // Newton's method from above converges to the root without falling below it.
        BigInteger root = BigInteger.One << (int)((number.GetBitLength() + 1) / 2);
        while ((root + (number / root)) >> 1 is var next && next < root)
            root = next;
        return root;
    }

    /// <summary>Returns the quotient, truncated.</summary>
    /// <exception cref="FormulaError">The divisor is zero.</exception>
    public static BigInteger Divide(BigInteger number, BigInteger divisor) =>
        divisor.IsZero ? throw new FormulaError("division by zero") : number / divisor;

    /// <summary>Returns the remainder, with the sign of the dividend.</summary>
    /// <exception cref="FormulaError">The divisor is zero.</exception>
    public static BigInteger Remainder(BigInteger number, BigInteger divisor) =>
        divisor.IsZero ? throw new FormulaError("division by zero") : number % divisor;

    /// <summary>Returns the non-negative remainder.</summary>
    /// <exception cref="FormulaError">The modulus is not positive.</exception>
    public static BigInteger Mod(BigInteger number, BigInteger modulus)
    {
        if (modulus.Sign <= 0)
            throw new FormulaError("the modulus must be positive");
        BigInteger rest = number % modulus;
        return rest.Sign < 0 ? rest + modulus : rest;
    }

    /// <summary>Returns a power modulo another number.</summary>
    /// <exception cref="FormulaError">The modulus is not positive, or the exponent is negative.</exception>
    public static BigInteger ModPower(BigInteger number, BigInteger exponent, BigInteger modulus)
    {
        if (modulus.Sign <= 0 || exponent.Sign < 0)
            throw new FormulaError("the modulus must be positive, and the exponent must not be negative");
        return Mod(BigInteger.ModPow(number, exponent, modulus), modulus);
    }

    /// <summary>Returns the text in a base from 2 to 36; any other base means 10.</summary>
    public static string Text(BigInteger number, int radix)
    {
        if (radix is < 2 or > 36 or 10)
            return number.ToString(CultureInfo.InvariantCulture);
        var digits = new Stack<char>();
        var rest = BigInteger.Abs(number);
        do
        {
            (rest, BigInteger digit) = BigInteger.DivRem(rest, radix);
            digits.Push((char)(digit < 10 ? '0' + (int)digit : 'a' + (int)digit - 10));
        }
        while (!rest.IsZero);
        return (number.Sign < 0 ? "-" : "") + string.Concat(digits);
    }
}
