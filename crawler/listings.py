"""stub"""
from dataclasses import dataclass
from core.model import Announcement
@dataclass
class Listing:
    announcements: tuple[Announcement,...]=()
    next_page: str=""
    children: tuple[str,...]=()
def read_listing(body,*,url,content_type,now): return Listing()
read_collection=read_listing
