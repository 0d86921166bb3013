using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class PublishedExports
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
    public void An_export_with_many_shared_tickets_takes_the_next_one_in_the_same_time()
    {
        // With a search through all of them this takes minutes.
        const int Many = 200_000;
        _table.Make(1);
        for (var n = 0; n < Many; n++)
        {
            Assert.False(_table.Table.IsPublished(1, $"{n:x}"));
            Assert.True(_table.Table.Publish(1, $"{n:x}"));
        }

        Assert.True(_table.Table.Unpublish(1, "ff"));
        Assert.False(_table.Table.Unpublish(1, "ff"));
        _table.Table.Release(1);
        Assert.Equal(Many - 1, _table.All<WithdrawEffect>().Count());
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
