using Wharf.Grains.Sessions;
using Wharf.Protocol;

namespace Wharf.Grains.Tests.Exports;

public sealed class ExportIdRules
{
    private readonly TableUnderTest _table = new();

    [Fact]
    public void Reading_an_unknown_positive_id_mentions_it_and_waits()
    {
        var key = _table.Define(2, 1);
        Assert.Equal([0], _table.StatesOf(1));
        Assert.Null(_table.AnswerOf(key));
    }

    [Fact]
    public void Reading_an_unknown_negative_id_fails_and_uses_the_result_up()
    {
        _table.Answered(_table.Define(1, -3), FaultCode.FailedPrecondition, StatusTexts.ServerExportUnknown(-3));
        _table.IsIn(ExportState.DependencyFailed, 1);
        Assert.Null(_table.Table.StateOf(-3));
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(1), () => _table.Define(1));
    }

    [Fact]
    public void Reading_id_0_fails_and_uses_the_result_up()
    {
        _table.Answered(_table.Define(1, 0), FaultCode.InvalidArgument, StatusTexts.NotAnExport(0));
        _table.Answered(_table.Define(2, 1), FaultCode.InvalidArgument, StatusTexts.NotAnExport(0));
    }

    [Fact]
    public void A_negative_result_is_refused() =>
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ResultIdMustBePositive(-1), () => _table.Define(-1));

    [Fact]
    public void An_exported_id_is_not_defined_again()
    {
        _table.Make(1);
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(1), () => _table.Define(1));
    }

    [Fact]
    public void A_pending_id_is_not_defined_again()
    {
        _table.Define(2, 1);
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(2), () => _table.Define(2));
    }

    [Fact]
    public void A_failed_id_is_not_defined_again()
    {
        _table.MakeFailing(1, FaultCode.NotFound, "no");
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(1), () => _table.Define(1));
    }

    [Fact]
    public void A_cancelled_id_is_not_defined_again()
    {
        _table.Define(2, 1);
        _table.Table.Release(2);
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(2), () => _table.Define(2));
    }

    [Fact]
    public void A_released_id_says_that_it_is_released()
    {
        _table.Make(1);
        _table.Table.Release(1);
        TableUnderTest.Refused(FaultCode.FailedPrecondition, "Export in state RELEASED", () => _table.Define(1));
    }

    [Fact]
    public void An_id_whose_definition_was_refused_is_not_used_up()
    {
        Assert.Throws<FaultException>(() => _table.Define(1, 5, 1));
        Assert.Throws<FaultException>(() => _table.Define(1, [ExportSource.Export(5), ExportSource.Neighbour(7)]));
        Assert.Empty(_table.All<ExportEffect>());
        Assert.Null(_table.Table.StateOf(5));
        _table.Make(1);
        _table.IsIn(ExportState.Exported, 1);
    }

    [Fact]
    public void Ids_are_not_recycled_even_when_their_failures_are_forgotten()
    {
        var table = new TableUnderTest(remembered: 2);
        for (var id = 1; id <= 4; id++)
            table.MakeFailing(id, FaultCode.NotFound, "no");
        TableUnderTest.Refused(FaultCode.InvalidArgument, StatusTexts.ExportAlreadyDefined(1), () => table.Define(1));
        var key = table.Define(9, 1);
        table.Answered(key, FaultCode.FailedPrecondition, "Export in state DEPENDENCY_FAILED");
    }
}
