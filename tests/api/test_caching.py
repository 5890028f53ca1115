"""What caches may keep of answers: nothing that is somebody's, and only as long as it holds."""

from tests.api.serving import Api


def test_no_shared_cache_may_keep_an_answer_of_the_api(api: Api) -> None:
    for path in ("/home", "/sellers", "/settings", "/schedules", "/listings", "/nowhere"):
        told = api.get(f"/api/v1{path}").headers.get_list("cache-control")
        assert told == ["private, no-cache"], path


def test_an_answer_that_still_holds_is_told_so_and_costs_no_body(api: Api) -> None:
    first = api.get("/api/v1/listings")
    again = api.http.get("/api/v1/listings", headers={"if-none-match": first.headers["etag"]})

    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
