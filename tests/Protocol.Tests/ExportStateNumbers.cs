namespace Wharf.Protocol.Tests;

public sealed class ExportStateNumbers
{
    private static readonly string[] WireNames =
    [
        "UNKNOWN", "PENDING", "PUBLISHING", "QUEUED", "RUNNING", "EXPORTED", "RELEASED", "CANCELLED", "FAILED",
        "DEPENDENCY_FAILED", "DEPENDENCY_NEVER_FOUND", "DEPENDENCY_CANCELLED", "DEPENDENCY_RELEASED",
    ];

    [Fact]
    public void States_have_the_numbers_and_names_of_the_wire() =>
        Assert.Equal(WireNames, Enum.GetValues<ExportState>().Order().Select((state, number) => (int)state == number ? state.WireName() : "?"));

    [Fact]
    public void Released_and_all_after_it_are_terminal_and_all_after_it_are_failures()
    {
        Assert.Equal(Enumerable.Range(6, 7), Enum.GetValues<ExportState>().Where(state => state.IsTerminal()).Select(state => (int)state));
        Assert.Equal(Enumerable.Range(7, 6), Enum.GetValues<ExportState>().Where(state => state.IsFailure()).Select(state => (int)state));
    }

    [Fact]
    public void A_number_that_is_no_state_has_no_name() => Assert.Throws<ArgumentOutOfRangeException>(() => ((ExportState)13).WireName());
}
