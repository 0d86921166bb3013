using System.Globalization;
using CsCheck;
using Wharf.Tables.Formulas;
using Wharf.Tables.Formulas.Nodes;
using Wharf.Tables.Operations;
using Wharf.Tables.Schemas;

namespace Wharf.Tables.Tests;

/// <summary>Loops that do several rows at a time say what one row at a time says.</summary>
public sealed class Kernels
{
    // Blocks, and what is left behind the last of them.
    private static readonly Gen<int> Lengths = Gen.Int[0, 200];

    private static readonly Gen<int> Ints = Gen.OneOf(Gen.Int, Gen.Int[-100, 100], Gen.Int[0, 5].Select(static n => new[] { int.MinValue, int.MinValue + 1, int.MaxValue, 0, -1, 1 }[n]));

    [Fact]
    public void The_remainder_of_a_constant_is_that_of_a_division() =>
        Gen.Select(Ints.Array[Lengths], Ints.Where(static divisor => divisor is not 0 and not int.MinValue)).Sample(static (values, divisor) =>
        {
            int[] rests = new int[values.Length];
            Node<int> node = new IntegerRemainderNode<int>(EngineType.Int, new FixedNode<int>(EngineType.Int, values), new ConstantNode<int>(EngineType.Int, divisor), 0);
            node.Fill(new Frame(0, values.Length), rests);
            Assert.Equal(values.Select(value => value == int.MinValue ? value : (int)((long)value % divisor)), rests);
        });

    [Fact]
    public void Ints_become_longs_and_doubles_and_null_stays_null() => Ints.Array[Lengths].Sample(static values =>
    {
        long[] longs = new long[values.Length];
        new ConversionNode<int, long>(EngineType.Long, new FixedNode<int>(EngineType.Int, values)).Fill(new Frame(0, values.Length), longs);
        Assert.Equal(values.Select(static value => value == int.MinValue ? long.MinValue : value), longs);
        double[] doubles = new double[values.Length];
        new ConversionNode<int, double>(EngineType.Double, new FixedNode<int>(EngineType.Int, values)).Fill(new Frame(0, values.Length), doubles);
        Assert.Equal(values.Select(static value => value == int.MinValue ? double.MinValue : value), doubles);
    });

    [Fact]
    public void The_rows_that_are_kept_are_those_whose_value_is_true() => Gen.Select(Gen.Bool.Array[Lengths], Gen.Int[0, 60_000], Gen.Int[0, 50]).Sample(static (truths, offset, found) =>
    {
        ushort[] kept = new ushort[found + truths.Length + SelectionVector.Room];
        int count = SelectionVector.Add([.. truths.Select(static truth => truth ? (sbyte)1 : (sbyte)0)], offset, kept, found);
        Assert.Equal(Enumerable.Range(0, truths.Length).Where(row => truths[row]).Select(row => offset + row), kept[found..count].Select(static row => (int)row));
    });

    [Fact]
    public void Rows_are_numbered() => Gen.Select(Lengths, Gen.Int[0, 1_000_000]).Sample(static (count, start) =>
    {
        int[] ints = new int[count];
        new IntRowNode().Fill(new Frame(start, count), ints);
        Assert.Equal(Enumerable.Range(start, count), ints);
        long[] longs = new long[count];
        new LongRowNode().Fill(new Frame(5_000_000_000 + start, count), longs);
        Assert.Equal(ints.Select(static row => 5_000_000_000 + row), longs);
    });

    [Fact]
    public void Numbers_have_the_digits_that_they_have() => Gen.OneOf(Gen.Long, Gen.Int.Select(static number => (long)number), Gen.Long[-2_000, 2_000], Tens()).Sample(static number =>
    {
        if (number == long.MinValue)
            return;
        byte[] written = new byte[24];
        int count = Digits.Write(number, written);
        Assert.Equal(number.ToString(CultureInfo.InvariantCulture), System.Text.Encoding.ASCII.GetString(written, 0, count));
        Assert.Equal(count, Digits.Count(number));
    });

    [Theory]
    [InlineData("`x` + i + `-` + (long)(i - 7)")]
    [InlineData("`ä` + S + (i % 3 == 0 ? null : i) + S")]
    public void Texts_that_are_joined_as_bytes_are_those_that_are_joined_as_texts(string formula)
    {
        ArrowTable table = Tables.Empty(200_000).Update("S = i % 5 == 0 ? null : i % 2 == 0 ? `even` : `ödd`");
        string asBytes = table.Update("X = " + formula).Column("X"), asTexts = table.Update("X = (" + formula + ").concat(``)").Column("X");
        Assert.Equal(asTexts, asBytes);
    }

    private static Gen<long> Tens() => Gen.Select(Gen.Int[0, 18], Gen.Int[-1, 1], Gen.Bool).Select(static (power, beside, isNegative) =>
        ((long)Math.Pow(10, power) + beside) * (isNegative ? -1 : 1));
}

/// <summary>Given values as a part of a formula.</summary>
internal sealed class FixedNode<T>(EngineType type, T[] values) : Node<T>(type)
{
    public override void Fill(in Frame frame, Span<T> target) => values.AsSpan((int)frame.Start, frame.Count).CopyTo(target);
}
