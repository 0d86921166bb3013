using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class Section3_8_Publish
{
    private readonly TableUnderTest _table = new();

    [Fact]
    public void Publishing_does_not_wait_for_the_export()
    {
        Assert.True(_table.Table.Publish(1, "ab"));
        _table.IsIn(ExportState.Unknown, 1);
        Assert.True(_table.Table.IsPublished(1, "ab"));
    }

    [Fact]
    public void Releasing_withdraws_at_once()
    {
        _table.Make(1);
        _table.Table.Publish(1, "ab");
        _table.Table.Publish(1, "cd");
        _table.Table.Release(1);
        Assert.Equal(["ab", "cd"], _table.All<WithdrawEffect>().Select(withdraw => withdraw.SharedId));
        Assert.False(_table.Table.IsPublished(1, "ab"));
    }

    [Fact]
    public void A_released_export_leaves_nothing_to_publish()
    {
        _table.Make(1);
        _table.Table.Release(1);
        Assert.False(_table.Table.Publish(1, "ab"));
    }

    [Fact]
    public void Only_exports_are_published()
    {
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.NotAnExport(0), () => _table.Table.Publish(0, "ab"));
        TableUnderTest.Refused(FaultCode.FailedPrecondition, StatusTexts.ServerExportUnknown(-1), () => _table.Table.Publish(-1, "ab"));
    }
}
