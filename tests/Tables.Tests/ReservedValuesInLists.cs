using Apache.Arrow;
using Apache.Arrow.Types;
using Wharf.Tables.Columns.Gathering;

namespace Wharf.Tables.Tests;

/// <summary>The reserved value of null, sent as data inside a list.</summary>
public sealed class ReservedValuesInLists
{
    public static TheoryData<IArrowType, string> Layouts => new()
    {
        { new ListType(Int32Type.Default), "list" },
        { new LargeListType(Int32Type.Default), "large list" },
        { new FixedSizeListType(Int32Type.Default, 3), "fixed-size list" },
        { new ListViewType(Int32Type.Default), "list view" },
    };

    [Theory]
    [MemberData(nameof(Layouts))]
    public void The_reserved_value_is_null_in_lists_of_every_layout(IArrowType type, string layout)
    {
        ArrayData elements = Elements(int.MinValue, 7, 5);
        IArrowArray child = Child(Tables.Upload("A", Lists(type, elements)));

        Assert.True(child.IsNull(0), layout);
        Assert.False(child.IsNull(1), layout);
        Assert.Equal(5, ((Int32Array)child).GetValue(2));
    }

    [Fact]
    public void The_reserved_value_is_null_in_lists_of_lists()
    {
        IArrowArray inner = Lists(new ListType(Int32Type.Default), Elements(int.MinValue, 7, 5));
        var type = new ListType(inner.Data.DataType);
        IArrowArray child = Child(
            Tables.Upload("A", ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, [ArrowBuffer.Empty, Offsets(0, 1)], [inner.Data]))));

        Assert.True(((Int32Array)((ListArray)child).Values).IsNull(0));
    }

    [Fact]
    public void Lists_without_a_reserved_value_keep_their_elements_in_place()
    {
        ArrayData elements = Elements(1, 7, 5);
        IArrowArray child = Child(Tables.Upload("A", Lists(new ListType(Int32Type.Default), elements)));

        Assert.True(elements.Buffers[1].Span == child.Data.Buffers[1].Span);
    }

    [Fact]
    public void A_part_of_longer_elements_keeps_its_values()
    {
        ArrayData elements = Elements(9, int.MinValue, 7, 5).Slice(1, 3);
        IArrowArray child = Child(Tables.Upload("A", Lists(new ListType(Int32Type.Default), elements)));

        Assert.Equal([null, 7, 5], ((Int32Array)child).ToArray());
    }

    private static ArrayData Elements(params int[] values) => new Int32Array.Builder().AppendRange(values).Build().Data;

    private static IArrowArray Lists(IArrowType type, ArrayData elements)
    {
        ArrowBuffer[] buffers = type switch
        {
            LargeListType => [ArrowBuffer.Empty, new ArrowBuffer.Builder<long>().AppendRange([0L, 3L]).Build()],
            FixedSizeListType => [ArrowBuffer.Empty],
            ListViewType => [ArrowBuffer.Empty, Offsets(0), Offsets(3)],
            _ => [ArrowBuffer.Empty, Offsets(0, 3)],
        };
        return ArrowArrayFactory.BuildArray(new ArrayData(type, 1, 0, 0, buffers, [elements]));
    }

    private static ArrowBuffer Offsets(params int[] values) => new ArrowBuffer.Builder<int>().AppendRange(values).Build();

    private static IArrowArray Child(ArrowTable table) => ArrowArrayFactory.BuildArray(table.ReadBatches().Single().Column(0).Data.Children[0]);
}
