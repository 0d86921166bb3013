using System.Buffers.Binary;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace Wharf.Tables.Tests;

/// <summary>Arrays of any type with random values, nulls over random bytes, and random offsets.</summary>
internal sealed class RandomArrays(Random random)
{
    private static readonly Field Element = new("el", Int32Type.Default, true), Key = new("key", StringType.Default, false);
    private static readonly Field Text = new("text", StringType.Default, true);

    /// <summary>A type of every layout, and every unit and width.</summary>
    public static IArrowType[] Types { get; } =
    [
        NullType.Default, BooleanType.Default, Int8Type.Default, UInt8Type.Default, Int16Type.Default, UInt16Type.Default, Int32Type.Default,
        UInt32Type.Default, Int64Type.Default,
        UInt64Type.Default, HalfFloatType.Default, FloatType.Default, DoubleType.Default, Date32Type.Default, Date64Type.Default,
        new Time32Type(TimeUnit.Second), new Time32Type(TimeUnit.Millisecond), new Time64Type(TimeUnit.Microsecond), new Time64Type(TimeUnit.Nanosecond),
        new TimestampType(TimeUnit.Second, "Asia/Tokyo"), new TimestampType(TimeUnit.Millisecond, (string?)null),
        new TimestampType(TimeUnit.Microsecond, "UTC"),
        DurationType.Second, DurationType.Nanosecond, IntervalType.YearMonth, IntervalType.DayTime, IntervalType.MonthDayNanosecond,
        new Decimal32Type(9, 2), new Decimal64Type(18, 4), new Decimal128Type(10, 2), new Decimal256Type(40, -3), new FixedSizeBinaryType(5),
        new FixedSizeBinaryType(16),
        StringType.Default, BinaryType.Default, LargeStringType.Default, LargeBinaryType.Default, StringViewType.Default, BinaryViewType.Default,
        new ListType(Element), new ListType(new Field("times", new TimestampType(TimeUnit.Second, "Asia/Tokyo"), true)), new ListType(Text),
        new LargeListType(Text),
        new ListViewType(Element), new LargeListViewType(Text), new FixedSizeListType(Element, 3), new FixedSizeListType(Text, 2),
        new MapType(Key, Element, false),
        new ListType(new Field("inner", new ListType(Element), true)), new ListType(new Field("map", new MapType(Key, Text, false), true)),
        new ListType(new Field("flags", BooleanType.Default, true)), new ListType(new Field("nothing", NullType.Default, true)),
        new StructType([Element, Text]), new ListType(new Field("rows", new StructType([Element, Text]), true)),
        new UnionType([Element, Text], [0, 1], UnionMode.Dense), new UnionType([Element, Text], [3, 7], UnionMode.Sparse),
        new ListType(new Field("union", new UnionType([Element, Text], [0, 1], UnionMode.Dense), true)),
        new DictionaryType(Int8Type.Default, StringType.Default, false),
        new ListType(new Field("coded", new DictionaryType(UInt16Type.Default, StringType.Default, false), true)),
        new RunEndEncodedType(new Field("run_ends", Int32Type.Default, false), new Field("values", StringType.Default, true)),
    ];

    public IArrowArray Of(IArrowType type, int rows)
    {
        int before = random.Next(4), after = random.Next(4);
        return ArrowArrayFactory.Slice(ArrowArrayFactory.BuildArray(Data(type, before + rows + after)), before, rows);
    }

    private ArrayData Data(IArrowType type, int rows)
    {
        switch (type)
        {
            case NullType:
                return new ArrayData(type, rows, rows, 0, System.Array.Empty<ArrowBuffer>());
            case DictionaryType dictionary:
                ArrayData values = Data(dictionary.ValueType, 1 + random.Next(9));
                return With(type, rows, [Ints(rows, ((FixedWidthType)dictionary.IndexType).BitWidth / 8, _ => random.Next(values.Length))], null, values);
            case BooleanType:
                return With(type, rows, [Bytes((rows + 7) / 8)]);
            case FixedWidthType fixedWidth:
                return With(type, rows, [Bytes(rows * fixedWidth.BitWidth / 8)]);
            case StringType or BinaryType or LargeStringType or LargeBinaryType:
                int[] ends = Ends(rows, 20);
                return With(type, rows, [Ints(rows + 1, type is StringType or BinaryType ? 4 : 8, n => ends[n]), Letters(ends[^1])]);
            case StringViewType or BinaryViewType:
                return Views(type, rows);
            case ListType or LargeListType or MapType:
                ends = Ends(rows, 5);
                return With(
                    type, rows, [Ints(rows + 1, type is LargeListType ? 8 : 4, n => ends[n])], [Data(((NestedType)type).Fields[0].DataType, ends[^1] + 1)]);
            case ListViewType or LargeListViewType:
                int width = type is LargeListViewType ? 8 : 4;
                int[] starts = [.. Enumerable.Range(0, rows).Select(_ => random.Next(10))];
                return With(
                    type, rows, [Ints(rows, width, n => starts[n]), Ints(rows, width, _ => random.Next(5))], [Data(((NestedType)type).Fields[0].DataType, 20)]);
            case FixedSizeListType list:
                return With(type, rows, [], [Data(list.Fields[0].DataType, rows * list.ListSize)]);
            case StructType fields:
                return With(type, rows, [], [.. fields.Fields.Select(field => Data(field.DataType, rows))]);
            case UnionType union:
                int[] children = [.. Enumerable.Range(0, rows).Select(_ => random.Next(2))];
                ArrowBuffer ids = Ints(rows, 1, n => union.TypeIds.ElementAt(children[n]));
                return union.Mode == UnionMode.Sparse
                    ? new ArrayData(type, rows, 0, 0, [ids], [.. union.Fields.Select(field => Data(field.DataType, rows))])
                    : new ArrayData(type, rows, 0, 0, [ids, Ints(rows, 4, _ => random.Next(6))], [.. union.Fields.Select(field => Data(field.DataType, 6))]);
            case RunEndEncodedType encoded:
                int[] runs = [.. Ends(rows, 4, 1)[1..]];
                int count = System.Array.FindIndex(runs, end => end >= rows) + 1;
                ArrayData runEnds = new(encoded.RunEndsDataType, count, 0, 0, [ArrowBuffer.Empty, Ints(count, 4, n => runs[n])]);
                return new ArrayData(type, rows, 0, 0, System.Array.Empty<ArrowBuffer>(), [runEnds, Data(encoded.ValuesDataType, count)]);
            default:
                throw new ArgumentException(type.Name, nameof(type));
        }
    }

    private ArrayData Views(IArrowType type, int rows)
    {
        byte[] views = new byte[rows * 16], letters = Letters(64).Span.ToArray();
        for (int n = 0; n < rows; n++)
        {
            Span<byte> view = views.AsSpan(n * 16, 16);
            int length = random.Next(30), start = random.Next(30);
            BinaryPrimitives.WriteInt32LittleEndian(view, length);
            letters.AsSpan(start, Math.Min(length, length <= 12 ? 12 : 4)).CopyTo(view[4..]);
            if (length <= 12)
                continue;
            BinaryPrimitives.WriteInt32LittleEndian(view[8..], random.Next(2));
            BinaryPrimitives.WriteInt32LittleEndian(view[12..], start);
        }

        // Both buffers hold the same bytes, so that the prefix in the view fits either of them.
        return With(type, rows, [new ArrowBuffer(views), new ArrowBuffer(letters), new ArrowBuffer(letters.ToArray())]);
    }

    private ArrayData With(IArrowType type, int rows, ArrowBuffer[] buffers, ArrayData[]? children = null, ArrayData? dictionary = null)
    {
        byte[] valid = new byte[(rows + 7) / 8];
        bool hasNulls = random.Next(3) > 0;
        int nulls = 0;
        for (int n = 0; n < rows; n++)
        {
            bool isNull = hasNulls && random.Next(4) == 0;
            nulls += isNull ? 1 : 0;
            valid[n >> 3] |= (byte)((isNull ? 0 : 1) << (n & 7));
        }

        return new ArrayData(type, rows, nulls, 0, [nulls == 0 ? ArrowBuffer.Empty : new ArrowBuffer(valid), .. buffers], children, dictionary);
    }

    private int[] Ends(int rows, int most, int least = 0)
    {
        int[] ends = new int[rows + 1];
        for (int n = 0; n < rows; n++)
            ends[n + 1] = ends[n] + least + random.Next(most);
        return ends;
    }

    private static ArrowBuffer Ints(int count, int width, Func<int, int> value)
    {
        byte[] bytes = new byte[count * width];
        Span<byte> number = stackalloc byte[8];
        for (int n = 0; n < count; n++)
        {
            BinaryPrimitives.WriteInt64LittleEndian(number, value(n));
            number[..width].CopyTo(bytes.AsSpan(n * width));
        }

        return new ArrowBuffer(bytes);
    }

    private ArrowBuffer Bytes(int count)
    {
        byte[] bytes = new byte[count];
        random.NextBytes(bytes);
        return new ArrowBuffer(bytes);
    }

    private ArrowBuffer Letters(int count) => new(System.Text.Encoding.ASCII.GetBytes(random.GetString("abcdefghijklmnopqrstuvwxyz", count)));
}
