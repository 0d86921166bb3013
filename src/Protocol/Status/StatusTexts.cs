using System.Globalization;

namespace Wharf.Protocol;

/// <summary>
/// The texts of statuses that clients and their tests know. They are part of the wire: a changed text is a changed protocol.
/// Each says with which code it goes out.
/// </summary>
public static class StatusTexts
{
    /// <summary>UNAUTHENTICATED: the credentials are wrong, or the token is not one of ours or no longer good.</summary>
    public const string AuthenticationDetailsInvalid = "Authentication details invalid";

    /// <summary>CANCELLED: a message stream or a log subscription ended with its session.</summary>
    public const string SessionClosed = "Session closed";

    /// <summary>CANCELLED: a field subscription ended with its session.</summary>
    public const string SubscriptionCancelled = "subscription cancelled";

    /// <summary>UNAUTHENTICATED: a wait for the server's end was cut short by the end of the session.</summary>
    public const string SessionHasEnded = "Session has ended";

    /// <summary>INVALID_ARGUMENT: connect or FetchObject without a ticket.</summary>
    public const string NoTicketSupplied = "No ticket supplied";

    /// <summary>INVALID_ARGUMENT: connect or FetchObject without a type.</summary>
    public const string NoTypeSupplied = "No type supplied";

    /// <summary>INVALID_ARGUMENT: the first message of a stream was data.</summary>
    public const string DataBeforeConnect = "Data message sent before Connect message";

    /// <summary>FAILED_PRECONDITION: a second connect on one stream.</summary>
    public const string AlreadyConnected = "Already sent a connect request, cannot send another";

    /// <summary>UNAVAILABLE: Release of an id that the session has never heard of.</summary>
    public const string ExportNotYetDefined = "Export not yet defined";

    /// <summary>CANCELLED: the export that the call waits for or makes was given up.</summary>
    public const string ExportCancelled = "Export is cancelled";

    /// <summary>FAILED_PRECONDITION: a table operation without a result id.</summary>
    public const string NoResultTicketSupplied = "No result ticket supplied";

    /// <summary>INVALID_ARGUMENT: ExportFromTicket or PublishFromTicket without a source.</summary>
    public const string SourceTicketMissing = "Source ticket must not be null";

    /// <summary>INVALID_ARGUMENT: ExportFromTicket or PublishFromTicket without a result.</summary>
    public const string ResultTicketMissing = "Result ticket must not be null";

    /// <summary>FAILED_PRECONDITION: the source of a shared ticket is not an export of the publishing session.</summary>
    public const string SharedSourceMustBeExport = "Shared tickets can only be published from exports of the publishing session";

    /// <summary>The context of the notification that ends the list of exports that are there already.</summary>
    public const string RunIsComplete = "run is complete";

    /// <summary>FAILED_PRECONDITION: an id is defined again, or something depends on an export that can no longer serve it.</summary>
    /// <param name="state">The state that is in the way.</param>
    /// <param name="relatedParentExportId">The dependency that caused it, if it is to be told.</param>
    /// <returns>For example <c>Export in state DEPENDENCY_RELEASED (related parent export id: 1)</c>.</returns>
    public static string ExportInState(ExportState state, int? relatedParentExportId = null) => relatedParentExportId is { } parent
        ? $"Export in state {state.WireName()} (related parent export id: {Number(parent)})"
        : $"Export in state {state.WireName()}";

    /// <summary>FAILED_PRECONDITION: a server-made id that the session does not have.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ServerExportUnknown(int id) => $"Export id {Number(id)} does not exist and cannot be used out of order";

    /// <summary>INVALID_ARGUMENT: id 0 where an export is read.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string NotAnExport(int id) => $"Export id {Number(id)} refers to a non-export";

    /// <summary>INVALID_ARGUMENT: an id that clients may not define.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ResultIdMustBePositive(int id) => $"A result must be exported under a positive id (found: {Number(id)})";

    /// <summary>INVALID_ARGUMENT: an id that is in use.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The text.</returns>
    public static string ExportAlreadyDefined(int id) => $"Export id {Number(id)} is already defined";

    /// <summary>FAILED_PRECONDITION: the result id is a ticket of another kind.</summary>
    /// <param name="ticket">What was given instead.</param>
    /// <returns>The text.</returns>
    public static string ResultMustBeExport(Ticket ticket) => $"A result must be an export ticket (found: {ticket})";

    /// <summary>FAILED_PRECONDITION: Release of something that is not an export.</summary>
    /// <param name="ticket">What was given instead.</param>
    /// <returns>The text.</returns>
    public static string OnlyExportsAreReleased(Ticket ticket) => $"Only export tickets can be released (found: {ticket})";

    /// <summary>FAILED_PRECONDITION: columns that an operation names are not there.</summary>
    /// <param name="names">The missing columns.</param>
    /// <returns>For example <c>column(s) not found: A, B</c>.</returns>
    public static string ColumnsNotFound(IEnumerable<string> names) => "column(s) not found: " + string.Join(", ", names);

    /// <summary>INVALID_ARGUMENT: a negative number of rows.</summary>
    /// <param name="numRows">The number.</param>
    /// <returns>The text.</returns>
    public static string NumRowsNegative(long numRows) => $"numRows must be >= 0 (found: {Number(numRows)})";

    /// <summary>FAILED_PRECONDITION: a time table whose rows do not come apart.</summary>
    /// <param name="periodNanos">The period.</param>
    /// <returns>The text.</returns>
    public static string PeriodNotPositive(long periodNanos) => $"periodNanos must be >= 0 (found: {Number(periodNanos)})";

    /// <summary>INVALID_ARGUMENT: a request without a field that it must have.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="field">The field.</param>
    /// <param name="number">Its number.</param>
    /// <returns>The text.</returns>
    public static string MustHaveField(string message, string field, int number) => $"{message} must have field {field} ({Number(number)})";

    /// <summary>INVALID_ARGUMENT: a request without an element of a list that must not be empty.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="field">The field.</param>
    /// <param name="number">Its number.</param>
    /// <returns>The text.</returns>
    public static string MustHaveAtLeastOne(string message, string field, int number) => $"{message} must have at least one {field} ({Number(number)})";

    /// <summary>INVALID_ARGUMENT: a message of which no alternative is set, perhaps because the sender is newer.</summary>
    /// <param name="message">The full name of the message.</param>
    /// <param name="oneof">The choice.</param>
    /// <returns>The text.</returns>
    public static string MustHaveOneof(string message, string oneof) =>
        $"{message} must have oneof {oneof}. Note: this may also indicate that the server is older than the client and doesn't know about this alternative";

    /// <summary>INTERNAL: a defect of ours. The log has the rest under the same id.</summary>
    /// <param name="errorId">The id.</param>
    /// <returns>The text.</returns>
    public static string DetailsLogged(string errorId) => $"Details Logged w/ID '{errorId}'";

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
