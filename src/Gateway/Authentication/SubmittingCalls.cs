namespace Wharf.Gateway.Authentication;

/// <summary>
/// The calls that only submit an operation to their session. The result of the submission includes the session's status and token, so the session is not checked before.
/// </summary>
internal static class SubmittingCalls
{
    private static readonly HashSet<string> Methods = new(StringComparer.Ordinal)
    {
        "/io.deephaven.proto.backplane.grpc.SessionService/ExportFromTicket",
        "/io.deephaven.proto.backplane.grpc.TableService/EmptyTable",
        "/io.deephaven.proto.backplane.grpc.TableService/FetchTable",
        "/io.deephaven.proto.backplane.grpc.TableService/Update",
        "/io.deephaven.proto.backplane.grpc.TableService/LazyUpdate",
        "/io.deephaven.proto.backplane.grpc.TableService/View",
        "/io.deephaven.proto.backplane.grpc.TableService/UpdateView",
        "/io.deephaven.proto.backplane.grpc.TableService/Select",
        "/io.deephaven.proto.backplane.grpc.TableService/SelectDistinct",
        "/io.deephaven.proto.backplane.grpc.TableService/UnstructuredFilter",
        "/io.deephaven.proto.backplane.grpc.TableService/Filter",
    };

    public static bool Contains(string method) => Methods.Contains(method);
}
